import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EventQueue, KernelEvent } from "../../src/kernel/event-queue.ts";

function event(at: number, seq: number, channel = 0): KernelEvent {
  return new KernelEvent(at, seq, null, 0, channel, () => undefined, undefined);
}

function popAll(queue: EventQueue, until = Infinity): KernelEvent[] {
  const popped: KernelEvent[] = [];
  for (let next = queue.popUntil(until); next !== undefined; next = queue.popUntil(until)) popped.push(next);
  return popped;
}

describe("the event queue", () => {
  it("pops in order of time, then tie-break, then sequence", () => {
    const spec = fc.array(fc.record({ at: fc.nat(20), channel: fc.nat(3) }), { maxLength: 200 });
    fc.assert(
      fc.property(spec, (specs) => {
        const tie = (channel: number): number => (channel * 7) % 4;
        const queue = new EventQueue((each) => tie(each.channel));
        const events = specs.map(({ at, channel }, seq) => event(at, seq, channel));
        for (const each of events) queue.push(each);
        const wanted = events.toSorted((a, b) => a.at - b.at || tie(a.channel) - tie(b.channel) || a.seq - b.seq);
        expect(popAll(queue)).toEqual(wanted);
      }),
    );
  });

  it("leaves out what was cancelled, whenever that was, and counts the rest", () => {
    const spec = fc.array(fc.record({ at: fc.nat(50), isCancelled: fc.boolean() }), { maxLength: 300 });
    fc.assert(
      fc.property(spec, (specs) => {
        const queue = new EventQueue(() => 0);
        const events = specs.map(({ at }, seq) => event(at, seq));
        for (const each of events) queue.push(each);
        for (const [index, { isCancelled }] of specs.entries()) {
          if (isCancelled) queue.cancel(events[index]!);
          if (isCancelled) queue.cancel(events[index]!);
        }
        const kept = events.filter((_, index) => !specs[index]!.isCancelled);
        expect(queue.size).toBe(kept.length);
        expect(popAll(queue)).toEqual(kept.toSorted((a, b) => a.at - b.at || a.seq - b.seq));
      }),
    );
  });

  it("keeps its order through a compaction of many cancelled events", () => {
    const queue = new EventQueue(() => 0);
    const events = Array.from({ length: 5_000 }, (_, seq) => event((seq * 7_919) % 5_000, seq));
    for (const each of events) queue.push(each);
    for (const each of events) if (each.seq % 5 !== 0) queue.cancel(each);
    const times = popAll(queue).map((each) => each.at);
    expect(times).toHaveLength(1_000);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it("holds back what is later than asked for", () => {
    const queue = new EventQueue(() => 0);
    for (const [seq, at] of [5, 1, 9].entries()) queue.push(event(at, seq));
    expect(popAll(queue, 5).map((each) => each.at)).toEqual([1, 5]);
    expect(queue.peekTime()).toBe(9);
  });

  it("does not count an event that is cancelled after it was taken", () => {
    const queue = new EventQueue(() => 0);
    const taken = event(1, 0);
    queue.push(taken);
    queue.push(event(2, 1));
    queue.popUntil(Infinity);
    queue.cancel(taken);
    expect(queue.size).toBe(1);
  });
});
