import { describe, expect, it } from "vitest";
import type { LifecycleEvent, Trouble } from "../../../src/engine/connectors/lifecycle.ts";
import { newLifecycle, nextLifecycle } from "../../../src/engine/connectors/lifecycle.ts";

const trouble: Trouble = {
  error: "Kafka does not answer (ETIMEDOUT)",
  class: "transient",
  code: "ETIMEDOUT",
  namespace: "kafka",
  hint: null,
};
const rendered: LifecycleEvent = { kind: "rendered" };
const succeeded: LifecycleEvent = { kind: "succeeded" };
const stalled: LifecycleEvent = { kind: "stalled", trouble };
const failed: LifecycleEvent = { kind: "failed", trouble };

const answered = (part = "p"): LifecycleEvent => ({ kind: "answered", part });

/** Attempts of a part in vain, at these milliseconds. */
const vain = (millis: readonly number[], part = "p"): readonly LifecycleEvent[] =>
  millis.map((at) => ({ kind: "troubled", part, at: at * 1_000, trouble }));

/** Statuses reported, with their counts. */
function reports(events: readonly LifecycleEvent[]): string[] {
  let state = newLifecycle;
  const seen: string[] = [];
  for (const event of events) {
    const [next, isReported] = nextLifecycle(state, event);
    state = next;
    if (isReported) seen.push(`${next.status} ${next.occurrences}`);
  }
  return seen;
}

describe("the lifecycle of a connector", () => {
  it("reports every failure with its count, and success once", () => {
    expect(reports([rendered, stalled, stalled, succeeded, succeeded, stalled])).toEqual([
      "starting 0",
      "stalled 1",
      "stalled 2",
      "running 0",
      "stalled 1",
    ]);
  });

  it("leaves failed only by being rendered anew", () => {
    expect(reports([rendered, failed, succeeded, stalled, failed, rendered, succeeded])).toEqual([
      "starting 0",
      "failed 1",
      "starting 0",
      "running 0",
    ]);
  });

  it("is degraded once three attempts of a call have been in vain over two seconds, and runs with its success", () => {
    const well = [rendered, succeeded];
    const runs = ["starting 0", "running 0"];
    expect(reports([...well, ...vain([0, 100, 1_999]), answered()])).toEqual(runs);
    expect(reports([...well, ...vain([0, 2_500]), answered()])).toEqual(runs);
    expect(reports([...well, ...vain([0, 100, 2_000, 3_000]), answered()])).toEqual([
      ...runs,
      "degraded 1",
      "running 0",
    ]);
  });

  it("forgets attempts in vain with the success of their call", () => {
    expect(reports([rendered, succeeded, ...vain([0, 1_000]), answered(), ...vain([2_000, 3_000])])).toEqual([
      "starting 0",
      "running 0",
    ]);
  });

  it("runs again only when each of its parts gets through, whatever else it achieves", () => {
    const both = [...vain([0, 1, 2_000], "p"), ...vain([2_100], "q")];
    const events = [rendered, succeeded, ...both, answered("p"), succeeded, answered("other"), answered("q")];
    expect(reports(events)).toEqual(["starting 0", "running 0", "degraded 1", "running 0"]);
    expect(reports(events.slice(0, -1))).toEqual(["starting 0", "running 0", "degraded 1"]);
  });

  it("counts the attempt that was shown as degraded once when it ends", () => {
    expect(reports([rendered, succeeded, ...vain([0, 1, 2_000]), stalled, stalled])).toEqual([
      "starting 0",
      "running 0",
      "degraded 1",
      "stalled 1",
      "stalled 2",
    ]);
  });

  it("does not become degraded from anything but running", () => {
    const long = vain([0, 1, 9_000]);
    expect(reports([rendered, ...long, stalled, ...long])).toEqual(["starting 0", "stalled 1"]);
    expect(reports([rendered, failed, ...long])).toEqual(["starting 0", "failed 1"]);
  });

  it("begins to count anew with each attempt, and does not run while something is in vain", () => {
    expect(reports([rendered, ...vain([0, 1]), succeeded, answered(), succeeded])).toEqual(["starting 0", "running 0"]);
    expect(reports([rendered, ...vain([0, 1]), stalled, succeeded, ...vain([2_000])])).toEqual([
      "starting 0",
      "stalled 1",
      "running 0",
    ]);
  });
});
