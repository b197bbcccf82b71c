/** What faults do to the simulated PostgreSQL server, and what its client makes of them. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { hashText } from "../../../src/base/hash.ts";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { micros } from "../../../src/base/time.ts";
import { crash, halfOpen, phantomAccept, slowDeath } from "../../../src/faults/public.ts";
import { attempt, Pending } from "../../contract/postgres/case.ts";
import { withSimulatedPostgres, type Simulated } from "../../contract/postgres/simulated.ts";

beforeAll(loadPgParser);

const make = "CREATE TABLE IF NOT EXISTS t (k text PRIMARY KEY, n bigint NOT NULL)";

/** Keys of the table, read in a session of its own. */
async function keys({ postgres }: Simulated): Promise<string> {
  const session = await postgres.connect();
  const { rows } = await session.query("SELECT k FROM t ORDER BY k");
  session.close();
  return rows.map(({ k }) => k as string).join("");
}

describe("a lost answer", () => {
  it("leaves the effect of a statement of its own, of one in a transaction nothing", async () => {
    await withSimulatedPostgres(async (context) => {
      const { postgres, controls, witnessed } = context;
      const [first, second] = [await postgres.connect(), await postgres.connect()];
      await first.query(make);
      await second.query("BEGIN");
      const heal = controls.loseAnswers(1);
      const outcomes = [
        await attempt(first.query("INSERT INTO t VALUES ('a', 1)")),
        await attempt(second.query("INSERT INTO t VALUES ('b', 1)")),
      ];
      heal();
      expect(outcomes).toEqual(["ECONNRESET perhaps fatal", "ECONNRESET fatal"]);
      expect(await keys(context)).toBe("a");
      expect(witnessed).toEqual(["postgres.answer-lost", "postgres.answer-lost"]);
    });
  });

  it("of a COMMIT leaves its effect", async () => {
    await withSimulatedPostgres(async (context) => {
      const session = await context.postgres.connect();
      for (const text of [make, "BEGIN", "INSERT INTO t VALUES ('a', 1)"]) await session.query(text);
      const heal = context.controls.loseAnswers(1);
      expect(await attempt(session.query("COMMIT"))).toBe("ECONNRESET perhaps fatal");
      heal();
      expect(await keys(context)).toBe("a");
    });
  });

  it("is one in so many", async () => {
    await withSimulatedPostgres(async ({ postgres, controls, witnessed }) => {
      for (let index = 0; index < 100; index++) {
        const session = await postgres.connect();
        const heal = controls.loseAnswers(4);
        await attempt(session.query("SELECT 1"));
        heal();
        heal();
        session.close();
      }
      expect(witnessed.length).toBeGreaterThan(10);
      expect(witnessed.length).toBeLessThan(45);
    });
  });
});

describe("the end of the server", () => {
  it("by a crash of its process keeps what was committed, and nothing of what was open", async () => {
    await withSimulatedPostgres(async (context) => {
      const { postgres, faults, sleep } = context;
      const session = await postgres.connect();
      let ends = 0;
      session.onEnd(() => ends++);
      for (const text of [make, "INSERT INTO t VALUES ('a', 1), ('b', 1)", "DELETE FROM t WHERE k = 'b'", "BEGIN"]) {
        await session.query(text);
      }
      await session.query("INSERT INTO t VALUES ('c', 1)");
      faults.inject(crash, { host: "server" });
      await sleep(2_000);
      expect(ends).toBe(1);
      expect(await keys(context)).toBe("a");
      const next = await postgres.connect();
      expect(await attempt(next.query("INSERT INTO t VALUES ('a', 2)"))).toBe("23505");
      await next.query("INSERT INTO t VALUES ('b', 2), ('c', 2)");
      expect(await keys(context)).toBe("abc");
      next.close();
    });
  });

  it("takes a while to recover from when it restarts", async () => {
    await withSimulatedPostgres(async ({ postgres, controls, sleep, witnessed }) => {
      await postgres.connect();
      controls.restart(micros(3_000_000));
      await sleep(1_500);
      expect(await attempt(postgres.connect())).toBe("57P03 fatal");
      await sleep(3_000);
      expect(await attempt((await postgres.connect()).query("SELECT 1"))).toMatchObject({ count: 1 });
      expect(witnessed).toEqual(["postgres.restarted", "postgres.refused"]);
    });
  });

  it("by an outage may find a statement that has just come in, or not", async () => {
    const fates = await Promise.all(
      [0, 1].map((fate) =>
        withSimulatedPostgres(
          async (context) => {
            const session = await context.postgres.connect();
            await session.query(make);
            const heal = context.controls.outage();
            const outcome = await attempt(session.query("INSERT INTO t VALUES ('a', 1)"));
            heal();
            return [outcome, await keys(context)];
          },
          { choose: () => fate },
        ),
      ),
    );
    expect(fates).toEqual([
      ["57P01 perhaps fatal", ""],
      ["57P01 perhaps fatal", "a"],
    ]);
  });

  it("comes late to a process that dies slowly: its successor waits for the port and loses nothing", async () => {
    await withSimulatedPostgres(async (context) => {
      const { postgres, faults, sleep } = context;
      const session = await postgres.connect();
      await session.query(make);
      faults.inject(slowDeath, { host: "server", lingerMs: 3_000 });
      await sleep(1_500);
      await session.query("INSERT INTO t VALUES ('a', 1)");
      await sleep(4_000);
      expect(await attempt(session.query("SELECT 1"))).toBe("ECONNRESET fatal");
      expect(await keys(context)).toBe("a");
    });
  });
});

describe("limits", () => {
  it("on sessions are witnessed, the lowest counts, and they can be healed", async () => {
    await withSimulatedPostgres(async ({ postgres, controls, witnessed }) => {
      const [wide, narrow] = [controls.limitConnections(5), controls.limitConnections(1)];
      await postgres.connect();
      expect(await attempt(postgres.connect())).toBe("53300 fatal");
      narrow();
      await postgres.connect();
      wide();
      expect(witnessed).toEqual(["postgres.connections-exhausted"]);
    });
  });
});

describe("a client's patience", () => {
  it("ends with its session, while the statement waits on at the server and takes effect", async () => {
    await withSimulatedPostgres(async (context) => {
      const { postgres, sleep } = context;
      const [first, second] = [await postgres.connect(), await postgres.connect()];
      let ends = 0;
      second.onEnd(() => ends++);
      for (const text of [make, "INSERT INTO t VALUES ('a', 1)", "BEGIN", "DELETE FROM t"]) await first.query(text);
      const waiting = new Pending(second.query("UPDATE t SET k = 'z'", [], { timeout: "500ms" }));
      const behind = new Pending(second.query("DELETE FROM t"));
      await sleep(1_000);
      expect([waiting.outcome, behind.outcome, ends]).toEqual(["ETIMEDOUT perhaps fatal", "ETIMEDOUT fatal", 1]);
      await first.query("ROLLBACK");
      await sleep(100);
      expect(await keys(context)).toBe("z");
    });
  });

  it("ends when the server is behind a dead connection or a phantom", async () => {
    await withSimulatedPostgres(async ({ postgres, faults }) => {
      const session = await postgres.connect();
      faults.inject(halfOpen, { a: "client", b: "server" });
      expect(await attempt(session.query("SELECT 1"))).toBe("ETIMEDOUT perhaps fatal");
      faults.inject(phantomAccept, { host: "server" });
      expect(await attempt(postgres.connect({ timeout: "2s" }))).toBe("ETIMEDOUT fatal");
    });
  });
});

describe("compare-and-set in a storm", () => {
  /** Raises a counter again and again; returns how often it certainly did, and how often perhaps. */
  async function raise({ postgres, sleep }: Simulated, name: string): Promise<{ sure: number; unsure: number }> {
    const counted = { sure: 0, unsure: 0 };
    const read = "SELECT sequence_number FROM consensus WHERE shard = $1";
    const set =
      "WITH done AS (UPDATE consensus SET sequence_number = $3, data = $4 WHERE shard = $1 AND sequence_number = $2 " +
      "RETURNING shard) SELECT pg_notify('consensus', shard) FROM done";
    for (let turn = 0; turn < 25; turn++) {
      let isSent = false;
      try {
        const session = await postgres.connect({ timeout: "1s" });
        const { rows } = await session.query(read, ["s"], { timeout: "1s" });
        const number = rows[0]!["sequence_number"] as number;
        isSent = true;
        const { count } = await session.query(set, ["s", number, number + 1, name], { timeout: "1s" });
        counted.sure += count;
        session.close();
      } catch (error) {
        const { isDefinite } = error as { isDefinite?: boolean };
        if (isDefinite === undefined) throw error;
        if (!isDefinite && isSent) counted.unsure++;
      }
      await sleep(20);
    }
    return counted;
  }

  it("is done once for every success, at most once for what is unknown, and never skips a number", async () => {
    const turns = fc.array(fc.tuple(fc.nat(4), fc.nat(900)), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(turns, fc.nat(999), async (faultsAt, salt) => {
        await withSimulatedPostgres(
          async (context) => {
            const { postgres, server, controls, faults, sleep, world } = context;
            const session = await postgres.connect();
            await session.query(
              "CREATE TABLE consensus (shard text PRIMARY KEY, sequence_number bigint NOT NULL, data text NOT NULL)",
            );
            await session.query("INSERT INTO consensus VALUES ('s', 0, '')");
            session.close();
            const numbers: number[] = [];
            server.onCommit = ({ row }) => numbers.push(row!["sequence_number"] as number);
            for (const [what, at] of faultsAt) {
              world.at(micros(world.now + at * 1_000), async () => {
                if (what === 0) return controls.restart(micros(50_000));
                if (what === 1) return faults.inject(crash, { host: "server" });
                const when = (["before", "middle", "after"] as const)[at % 3];
                const heal = what === 2 ? controls.outage() : controls.loseAnswers(what, when);
                await sleep(100);
                heal();
              });
            }
            const counts = await Promise.all(["x", "y", "z"].map((name) => raise(context, name)));
            const sure = counts.reduce((sum, each) => sum + each.sure, 0);
            const unsure = counts.reduce((sum, each) => sum + each.unsure, 0);
            expect(numbers).toEqual(numbers.map((_, index) => index + 1));
            expect(numbers.length).toBeGreaterThanOrEqual(sure);
            expect(numbers.length).toBeLessThanOrEqual(sure + unsure);
            expect(sure).toBeGreaterThan(0);
          },
          { choose: (key, n) => hashText(`${salt}/${key}`) % n, duration: "300s" },
        );
      }),
      { numRuns: 25 },
    );
  });
});
