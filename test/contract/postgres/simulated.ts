/** The simulated PostgreSQL server in a world of its own, for the contract's cases and whoever else wants it. */
import { expect } from "vitest";
import { hashText } from "../../../src/base/hash.ts";
import { micros, type Duration } from "../../../src/base/time.ts";
import { defineInvariant } from "../../../src/invariants/define-invariant.ts";
import type { Observation } from "../../../src/ports/events.ts";
import type { PostgresControls } from "../../../src/ports/service-controls.ts";
import type { ServiceEvents } from "../../../src/ports/service-events.ts";
import type { DriverHost, World } from "../../../src/ports/world.ts";
import type { BodyContext } from "../../../src/runner/body.ts";
import { postgresClient } from "../../../src/sim/postgres/client.ts";
import { postgresControls } from "../../../src/sim/postgres/controls.ts";
import { postgresProgram } from "../../../src/sim/postgres/program.ts";
import { postgresServer, type PostgresServer } from "../../../src/sim/postgres/server.ts";
import { runBody } from "../../support/bodies.ts";
import type { PostgresContext } from "./case.ts";

/** What a test has of the world around the server. */
export interface Simulated extends PostgresContext {
  readonly world: World;
  readonly server: PostgresServer;
  readonly controls: PostgresControls;
  /** Host of the client. */
  readonly client: DriverHost;
  readonly faults: BodyContext["faults"];
  /** Kinds of what the server has observed so far. */
  readonly witnessed: string[];
  /** Answers that were lost so far. */
  readonly lost: ServiceEvents["postgres.answer-lost"][];
}

interface SimulatedOptions {
  readonly choose?: (key: string, n: number) => number;
  readonly duration?: Duration;
}

const kinds = [
  "postgres.refused",
  "postgres.answer-lost",
  "postgres.restarted",
  "postgres.connections-exhausted",
] as const satisfies readonly (keyof ServiceEvents)[];

/**
 * Runs a body against a fresh server on the host `server` and returns what it returns; the run must pass, also the check
 * that nobody settles a promise of somebody else.
 */
export async function withSimulatedPostgres<T>(
  body: (context: Simulated) => Promise<T>,
  { choose = (key, n) => hashText(key) % n, duration = "60s" }: SimulatedOptions = {},
): Promise<T> {
  let result: { readonly value: T } | undefined;
  const witnessed: string[] = [];
  const lost: ServiceEvents["postgres.answer-lost"][] = [];
  const note = (_: unknown, __: never, { kind, data }: Observation): void => {
    witnessed.push(kind);
    if (kind === "postgres.answer-lost") lost.push(data as never);
  };
  const witness = defineInvariant({
    id: "witness",
    doc: "Notes what the server observes.",
    state: () => null,
    on: Object.fromEntries(kinds.map((kind) => [kind, note])),
  });
  const setup = { invariants: [witness], duration, run: { checking: true } };
  const record = await runBody(async ({ world, faults }) => {
    const server = postgresServer({ choose });
    const controls = postgresControls(server);
    const client = world.host("client");
    world.host("server").start(postgresProgram(server), { restart: "always", ambient: "ports" });
    await world.sleep("10ms");
    const heal = controls.limitConnections(contractLimit);
    result = {
      value: await body({
        world,
        server,
        controls,
        client,
        faults,
        witnessed,
        lost,
        postgres: postgresClient(client, "server:5432"),
        fragile: postgresClient(client, "server:5432"),
        breakCalls: (when) => controls.loseAnswers(1, when),
        nobody: postgresClient(client, "server:5433"),
        table: "contract",
        limit: contractLimit,
        sleep: (millis) => world.sleep(micros(millis * 1_000)),
        async crash() {
          controls.restart(micros(200_000));
          await world.sleep("2s");
        },
        async stop() {
          const start = controls.outage();
          await world.sleep("2s");
          return async () => start();
        },
      }),
    };
    heal();
  }, setup);
  expect(record.failure).toBeNull();
  return result!.value;
}

/** Sessions that servers of the contract allow. */
export const contractLimit = 12;
