/** Random programs come to the same on the simulated server and on a real one. WAVETANK_NO_POSTGRES=1 leaves it out. */
import fc from "fast-check";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../src/base/pg-parser.ts";
import { duoPrograms, play, soloPrograms, type Stage, type Step } from "./postgres/programs.ts";
import { realClient } from "./postgres/real-client.ts";
import { isWithoutPostgres, RealServer } from "./postgres/real-server.ts";
import { withSimulatedPostgres } from "./postgres/simulated.ts";

/** Shorter than the pause after a wait was seen: so the one who closes a circle is the one that fails. */
const settings = ["autovacuum=off", "deadlock_timeout=2ms", "client_min_messages=error"];
const pause = 10;

let server: RealServer;
let monitor: pg.Client;

beforeAll(async () => {
  await loadPgParser();
  if (isWithoutPostgres) {
    process.stderr.write("WAVETANK_NO_POSTGRES=1: random programs are not compared with PostgreSQL\n");
    return;
  }
  server = await RealServer.launch(settings);
  monitor = new pg.Client(server.config);
  await monitor.connect();
});

afterAll(async () => {
  if (isWithoutPostgres) return;
  await monitor.end();
  await server.remove();
});

/** A statement waits when a lock is not granted, unless that makes a circle: then somebody is about to fail. */
const settleReal: Stage["settle"] = async (statement, isLast) => {
  for (;;) {
    await Promise.race([statement.done, new Promise((resolve) => setTimeout(resolve, 1))]);
    if (statement.outcome !== "waits") return;
    const { rowCount } = await monitor.query("SELECT 1 FROM pg_locks WHERE NOT granted");
    if (rowCount === 0 || isLast || statement.outcome !== "waits") continue;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return;
  }
};

function simulated(program: readonly Step[]): Promise<readonly string[]> {
  return withSimulatedPostgres(async ({ postgres, sleep }) => {
    const sessions = [await postgres.connect(), await postgres.connect()] as const;
    return play(program, { sessions, settle: () => sleep(50) });
  });
}

describe("a random program", () => {
  it.each([
    { name: "one session", programs: soloPrograms, runs: 200 },
    { name: "two sessions", programs: duoPrograms, runs: 200 },
  ])(
    "of $name comes to the same on both servers",
    async ({ programs, runs }) => {
      if (isWithoutPostgres) return;
      const real = realClient(server.config);
      const sessions = [await real.connect(), await real.connect()] as const;
      const stage = { sessions, settle: settleReal };
      const numRuns = Number(process.env["WAVETANK_PROGRAMS"] ?? runs);
      const same = fc.asyncProperty(programs, async (program) => {
        expect(await simulated(program)).toEqual(await play(program, stage));
      });
      await fc.assert(same, { numRuns });
      for (const session of sessions) session.close();
    },
    180_000,
  );
});
