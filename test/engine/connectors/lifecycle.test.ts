import { describe, expect, it } from "vitest";
import type { LifecycleEvent, Trouble } from "../../../src/engine/connectors/lifecycle.ts";
import { newLifecycle, nextLifecycle } from "../../../src/engine/connectors/lifecycle.ts";

const trouble: Trouble = {
  error: "Kafka: ETIMEDOUT",
  class: "transient",
  code: "ETIMEDOUT",
  namespace: "kafka",
  hint: null,
};
const rendered: LifecycleEvent = { kind: "rendered" };
const succeeded: LifecycleEvent = { kind: "succeeded" };
const stalled: LifecycleEvent = { kind: "stalled", trouble };
const failed: LifecycleEvent = { kind: "failed", trouble };

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
});
