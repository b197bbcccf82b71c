import { describe, expect, it } from "vitest";
import { brokerTrouble, netTrouble, type Trouble } from "../../../src/sim/kafka/client/error-table.ts";
import { afterTrouble, clientLimits, firstAttempt, type Verdict } from "../../../src/sim/kafka/client/attempts.ts";

const second = 1_000_000;
const refused = netTrouble({ code: "ECONNREFUSED", definite: true }, "produce");
const lost = netTrouble({ code: "ECONNRESET", definite: false }, "produce");

/** Fails over and over, each attempt taking `takes` µs, until the client gives up. */
function until(
  troubleAt: (attempt: number) => Trouble,
  takes = 1_000,
): { verdict: Verdict; at: number; delays: number[] } {
  let attempts = firstAttempt(0, clientLimits.delivery);
  const delays: number[] = [];
  for (let at = takes; ; at += takes) {
    const verdict = afterTrouble(attempts, troubleAt(delays.length), at, clientLimits);
    if (verdict.kind === "fail") return { verdict, at, delays };
    delays.push(verdict.delay);
    at += verdict.delay;
    ({ attempts } = verdict);
  }
}

describe("attempts of one call", () => {
  it("pause twice as long each time, up to a second, and end within the delivery limit", () => {
    const { verdict, at, delays } = until(() => refused);
    expect(delays.slice(0, 4)).toEqual([20_000, 40_000, 80_000, 160_000]);
    expect(Math.max(...delays)).toBe(second);
    expect(at).toBeLessThan(10 * second);
    expect(verdict).toMatchObject({ code: "ECONNREFUSED", failure: "transient" });
  });

  it("end at once where asking again cannot help", () => {
    const { verdict, delays } = until(() => brokerTrouble("OFFSET_OUT_OF_RANGE", "fetch"));
    expect(delays).toEqual([]);
    expect(verdict).toMatchObject({ code: "OFFSET_OUT_OF_RANGE", failure: "permanent" });
  });

  it("are ambiguous once one of them may have had its effect, whatever failed last", () => {
    expect(until((attempt) => (attempt === 0 ? lost : refused)).verdict).toMatchObject({
      code: "ECONNREFUSED",
      failure: "ambiguous",
    });
    const sequence = brokerTrouble("OUT_OF_ORDER_SEQUENCE_NUMBER", "produce");
    expect(until((attempt) => (attempt === 0 ? lost : sequence)).verdict).toMatchObject({ failure: "ambiguous" });
  });

  it("are fenced when the last answer says so, with the doubt kept beside", () => {
    const fenced = brokerTrouble("PRODUCER_FENCED", "endTxn");
    const { verdict } = until((attempt) => (attempt === 0 ? lost : fenced));
    expect(verdict).toMatchObject({ failure: "fenced", isUncertain: true });
  });

  it("give up on an unknown topic after the time that metadata may lag behind", () => {
    const unknown = brokerTrouble("UNKNOWN_TOPIC_OR_PARTITION", "fetch");
    const { verdict, at } = until(() => unknown);
    expect(verdict).toMatchObject({ failure: "permanent" });
    expect(at).toBeGreaterThanOrEqual(5 * second);
    expect(at).toBeLessThan(7 * second);
    const lately = until((attempt) => (attempt < 13 ? refused : unknown));
    expect(lately.verdict).toMatchObject({ code: "UNKNOWN_TOPIC_OR_PARTITION", failure: "transient" });
  });
});
