/** The simulated S3 under faults: what a client sees, what took effect, and the witness that is left. */
import { describe, expect, it } from "vitest";
import type { Observation } from "../../../src/ports/events.ts";
import { failureOf } from "../../contract/s3/case.ts";
import { withStore } from "./stage.ts";

const seenOf = (seen: readonly Observation[]) => seen.map(({ kind, data }) => [kind, data]);
const answered = (code: string, httpStatus: number, isDefinite: boolean) => ({
  code,
  httpStatus,
  phase: "request",
  isDefinite,
});
const broken = (isDefinite: boolean) => ({ code: "ECONNRESET", httpStatus: 0, phase: "request", isDefinite });

describe("simulated S3 under faults", () => {
  it("SlowDown turns a put away for certain", async () => {
    const seen = await withStore(async ({ store, controls }) => {
      const heal = controls.fail("SlowDown", 1);
      expect(await failureOf(store.put("a", "1"))).toEqual(answered("SlowDown", 503, true));
      heal();
      expect(await store.get("a")).toBeUndefined();
    });
    expect(seenOf(seen)).toEqual([["s3.failed", { code: "SlowDown", op: "put" }]]);
  });

  it("an internal error before the effect leaves nothing, and does not say so", async () => {
    await withStore(async ({ store, controls }) => {
      const heal = controls.fail("InternalError", 1);
      expect(await failureOf(store.put("a", "1"))).toEqual(answered("InternalError", 500, false));
      heal();
      expect(await store.get("a")).toBeUndefined();
    });
  });

  it("an internal error after the effect looks the same", async () => {
    const after = (key: string): number => (key.endsWith("/when") ? 1 : 0);
    const seen = await withStore(async ({ store, controls }) => {
      const heal = controls.fail("ServiceUnavailable", 1);
      expect(await failureOf(store.put("a", "1"))).toEqual(answered("ServiceUnavailable", 503, false));
      heal();
      expect((await store.get("a"))?.body).toBe("1");
    }, after);
    expect(seen.map(({ kind }) => kind)).toEqual(["s3.put", "s3.failed"]);
  });

  it("S3 26: a conditional put whose answer was lost is refused the second time by itself", async () => {
    const seen = await withStore(async ({ store, controls }) => {
      const heal = controls.loseAnswers(1);
      expect(await failureOf(store.put("a", "mine", { ifNoneMatch: "*" }))).toEqual(broken(false));
      heal();
      expect(await failureOf(store.put("a", "mine", { ifNoneMatch: "*" }))).toEqual(
        answered("PreconditionFailed", 412, true),
      );
      expect((await store.get("a"))?.body).toBe("mine");
    });
    expect(seenOf(seen)).toEqual([
      ["s3.put", { key: "a", by: "client" }],
      ["s3.answer-lost", { op: "put", when: "after" }],
    ]);
  });

  it("a lost answer takes the connection and what else waited on it along", async () => {
    const second = (key: string): number => (key.endsWith("/put/2") ? 0 : 1);
    await withStore(async ({ store, controls }) => {
      controls.loseAnswers(3);
      const ends = await Promise.all(["a", "b", "c"].map((key) => failureOf(store.put(key, "1"))));
      expect(ends).toEqual(["no", broken(false), broken(false)]);
      expect(await failureOf(store.put("d", "1"))).toBe("no");
    }, second);
  });

  it("S3 23: an answer can break off in the middle of its body", async () => {
    await withStore(async ({ store, controls }) => {
      await store.put("a", "long");
      const heal = controls.loseAnswers(1);
      expect(await failureOf(store.get("a"))).toEqual({
        code: "ECONNRESET",
        httpStatus: 200,
        phase: "body",
        isDefinite: true,
      });
      heal();
      expect((await store.get("a"))?.body).toBe("long");
    });
  });

  it("a get that finds nothing has no body to break off in", async () => {
    await withStore(async ({ store, controls }) => {
      controls.loseAnswers(1);
      expect(await failureOf(store.get("nothing"))).toEqual(broken(true));
    });
  });

  it("faults heal one by one and strike as often as chosen", async () => {
    const often = (key: string): number => (/lose-answer.*\/[24]$/.test(key) ? 0 : 1);
    const seen = await withStore(async ({ store, controls }) => {
      const healFirst = controls.fail("InternalError", 7);
      const healSecond = controls.loseAnswers(2);
      healFirst();
      const ends: unknown[] = [];
      for (let count = 0; count < 5; count++) ends.push(await failureOf(store.delete("a")));
      expect(ends.map((end) => end === "no")).toEqual([true, false, true, false, true]);
      healSecond();
      healSecond();
      expect(await failureOf(store.delete("a"))).toBe("no");
    }, often);
    expect(seen.filter(({ kind }) => kind === "s3.answer-lost")).toHaveLength(2);
  });

  it("what is stored outlives a crash of the server", async () => {
    await withStore(async ({ store, server, tank, host }) => {
      await store.put("a", "1");
      tank.controls.host("s3").crash();
      expect(await failureOf(store.get("a"))).toMatchObject({ httpStatus: 0 });
      expect(await failureOf(store.put("a", "2"))).toMatchObject({ httpStatus: 0, isDefinite: true });
      expect(server.peek("a")).toBe("1");
      await host.sleep("1s");
      expect((await store.get("a"))?.body).toBe("1");
    });
  });

  it("a request without an answer is given up after two seconds, and may have had its effect", async () => {
    await withStore(async ({ store, server, tank }) => {
      await store.put("a", "1");
      const heal = tank.controls.link("s3", "client").clog();
      const from = tank.now;
      expect(await failureOf(store.put("a", "2"))).toMatchObject({ code: "ETIMEDOUT", isDefinite: false });
      expect(Math.round((tank.now - from) / 1_000)).toBe(2_000);
      heal();
      expect(server.peek("a")).toBe("2");
    });
  });
});
