import { describe, expect, it } from "vitest";
import { checkpointEvents, Trace } from "../../src/kernel/trace.ts";

function filled(change: (trace: Trace, event: number) => void = () => undefined): Trace {
  const trace = new Trace(false);
  const kind = trace.intern("kind");
  for (let event = 1; event <= 1_000; event++) {
    trace.event(event, event * 10, kind, event % 7, event % 13);
    change(trace, event);
  }
  return trace;
}

describe("the rolling hash of a trace", () => {
  it("is the same for the same events and different for any one that differs", () => {
    const base = filled().hash;
    expect(filled().hash).toBe(base);
    const others = [500, 999, 1_000].map((at) => filled((trace, event) => event === at && trace.fold(0, 1)).hash);
    expect(new Set([base, ...others]).size).toBe(4);
  });

  it("depends on order, time, process, kind and channel of every event", () => {
    const hashOf = (...events: [number, number, number, number][]): string => {
      const trace = new Trace(false);
      for (const [index, [at, kind, process, channel]] of events.entries()) {
        trace.event(index + 1, at, kind, process, channel);
      }
      return trace.hash;
    };
    const base: [number, number, number, number] = [1, 2, 3, 4];
    const variants = [0, 1, 2, 3].map((field) => {
      const changed = [...base] as typeof base;
      changed[field]! += 1;
      return hashOf(changed);
    });
    expect(new Set([hashOf(base), ...variants]).size).toBe(5);
    expect(hashOf([1, 0, 0, 0], [2, 0, 0, 0])).not.toBe(hashOf([2, 0, 0, 0], [1, 0, 0, 0]));
    const late = 2 ** 40;
    expect(hashOf([late, 0, 0, 0])).not.toBe(hashOf([late + 2 ** 33, 0, 0, 0]));
  });

  it("tells small changes from each other: a swap, a microsecond, high bits of the time, kind, process, channel", () => {
    type Event = readonly [at: number, kind: number, process: number, channel: number];
    const base = Array.from({ length: 40 }, (_, n): Event => [n * 3, 2 + (n % 2), n % 5, n % 3 === 0 ? 7 : -n]);
    const hashOf = (events: readonly Event[]): string => {
      const trace = new Trace(false);
      for (const [index, event] of events.entries()) trace.event(index + 1, ...event);
      return trace.hash;
    };
    const changed = (place: number, change: (event: Event) => Event): string =>
      hashOf(base.with(place, change(base[place]!)));
    const hashes = [hashOf(base)];
    for (let place = 0; place < base.length; place++) {
      if (place > 0) hashes.push(hashOf(base.with(place, base[place - 1]!).with(place - 1, base[place]!)));
      for (const by of [1, -1, 2 ** 31, 2 ** 32, 2 ** 33, 2 ** 52]) {
        hashes.push(changed(place, ([at, ...rest]) => [at + by, ...rest]));
      }
      for (const by of [1, 2, 1 << 15, 1 << 31]) {
        hashes.push(changed(place, ([at, kind, process, channel]) => [at, kind, process, channel ^ by]));
      }
      hashes.push(changed(place, ([at, kind, ...rest]) => [at, kind + 8, ...rest]));
      hashes.push(changed(place, ([at, kind, process, channel]) => [at, kind, process + 8, channel]));
      hashes.push(changed(place, ([at, kind, process, channel]) => [at, process + 16, kind, channel]));
      hashes.push(changed(place, ([at, kind, process, channel]) => [channel + 64, kind, process, at]));
    }
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it("takes in every event of a dense grid differently, in either half once another event has followed", () => {
    const hashOf = (at: number, kind: number, process: number, channel: number): string => {
      const trace = new Trace(false);
      trace.event(1, at, kind, process, channel);
      trace.event(2, 1_000_000, 1, 1, 1);
      return trace.hash;
    };
    const hashes: string[] = [];
    for (let at = 0; at < 40; at++) {
      for (let kind = 0; kind < 8; kind++) {
        for (let process = -1; process < 9; process++) {
          for (let channel = 0; channel < 10; channel++) hashes.push(hashOf(at, kind, process, channel));
        }
      }
    }
    expect(new Set(hashes).size).toBe(hashes.length);
    // Either half alone holds as few collisions as 32 random bits do: 0.12 expected of 32,000.
    for (const half of [hashes.map((hash) => hash.slice(0, 8)), hashes.map((hash) => hash.slice(8))]) {
      expect(new Set(half).size).toBeGreaterThan(hashes.length - 4);
    }
  });

  it("leaves a checkpoint after every so many events, the same up to the first difference", () => {
    const base = filled().checkpoints;
    const other = filled((trace, event) => event === checkpointEvents * 2 + 1 && trace.fold(0, 1)).checkpoints;
    expect(base).toHaveLength(Math.floor(1_000 / checkpointEvents));
    expect(other.slice(0, 2)).toEqual(base.slice(0, 2));
    expect(other[2]).not.toBe(base[2]);
  });

  it("takes a string in once, under a number of its own", () => {
    const trace = new Trace(false);
    expect([trace.intern("a"), trace.intern("b"), trace.intern("a")]).toEqual([0, 1, 0]);
    expect(trace.nameOf(1)).toBe("b");
  });

  it("keeps full records only when asked to", () => {
    const silent = new Trace(false);
    const recording = new Trace(true);
    for (const trace of [silent, recording]) trace.write(1, 10, "p#1", "kind", "text");
    expect(silent.lines).toEqual([]);
    expect(recording.lines).toMatchObject([{ event: 1, at: 10, process: "p#1", kind: "kind", text: "text" }]);
  });
});
