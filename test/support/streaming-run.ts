/** A streaming database under load and drawn faults, judged by invariants: all of a run follows from its seed. */
import fc from "fast-check";
import { enginePolicies, type EnginePolicies } from "../../src/engine/policies.ts";
import * as faults from "../../src/faults/public.ts";
import type { FaultUse, InvariantDefinition, SimDefinition } from "../../src/runner/definition.ts";
import { generatePlan } from "../../src/runner/plan/generate.ts";
import { nextSeed } from "../../src/runner/plan/seed.ts";
import { execute } from "../../src/runner/run/execute.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";
import { toDefinition } from "../../src/scenario/define-scenario.ts";
import { isTransient, StreamingWorld } from "../../src/world/streaming-world.ts";

export interface StreamingOptions {
  readonly invariants: readonly InvariantDefinition[];
  readonly policies?: EnginePolicies;
  /** Whether a second generation is deployed while statements are asked. */
  readonly hasTakeover?: boolean;
}

/** Names that come and go. */
const comers = ["v0", "v1", "x0", "x1"] as const;

const ops = {
  insert: fc.array(fc.nat(99), { minLength: 1, maxLength: 3 }),
  read: fc.constantFrom("SELECT a, b FROM t", "SELECT * FROM totals", "SELECT count(*) FROM t", "SELECT 1"),
  produce: fc.record({ customer: fc.nat(5), amount: fc.integer({ min: -50, max: 50 }) }),
  create: fc.constantFrom(...comers),
  drop: fc.constantFrom(...comers),
};

const environments = ["env-1", "env-2"];
const replicas = ["clusterd-0", "clusterd-1", "clusterd-2", "clusterd-g2-0", "clusterd-g2-1"];
const brokers = ["broker-1", "broker-2", "broker-3"];

const uses: readonly FaultUse[] = [
  faults.crash({ on: [...environments, ...replicas, ...brokers] }),
  faults.slowDeath({ on: [...environments, ...replicas] }),
  faults.pause({ on: [...environments, ...replicas, ...brokers] }),
  faults.powerLoss({ on: replicas }),
  faults.gracefulStop({ on: [...environments, ...replicas] }),
  faults.clockOffset({ on: [...environments, ...replicas] }),
  faults.hostDown({ on: [...environments, ...replicas, "postgres", "s3"] }),
  faults.slowCpu(),
  faults.clockDrift(),
  faults.clockFreeze({ on: [...environments, ...replicas] }),
  faults.connectionLoss(),
  faults.phantomAccept({ on: replicas }),
  faults.refuse(),
  faults.addressInUse({ on: [...environments, ...replicas] }),
  faults.partition(),
  faults.oneWayPartition(),
  faults.halfOpen(),
  faults.reset(),
  faults.latency(),
  faults.clog(),
  faults.brokerDown(),
  faults.brokerSlow(),
  faults.kafkaOutage(),
  faults.leaderMoved(),
  faults.postgresConnectionLimit(),
  faults.coordinatorMoved(),
  faults.objectStoreErrors(),
  faults.objectStoreLostAnswers(),
  faults.postgresOutage(),
  faults.postgresRestart(),
  faults.postgresLostAnswers(),
  faults.replicaCrash(),
];

/** The scenario. It settles for up to 90 s. */
export function streamingDefinition({ invariants, policies, hasTakeover = false }: StreamingOptions): SimDefinition {
  return toDefinition(
    "streaming",
    {
      duration: "40s",
      ops,
      opsCount: { min: 30, max: 90 },
      sessions: 3,
      faults: uses,
      faultsCount: { min: 4, max: 16 },
      invariants,
      policies: { ...(policies ?? enginePolicies) },
      budget: { events: 4_000_000 },
    },
    async ({ world, run, settle, policies: inForce }) => {
      const database = new StreamingWorld({ world, policies: inForce as unknown as EnginePolicies });
      await setUp(database);
      if (hasTakeover) world.at("20s", () => database.deploy());
      let rows = 0;
      const ask = (session: number, sql: string): Promise<unknown> => database.session(`session${session}`).query(sql);
      await run({
        insert: (values: readonly number[], session) => {
          const tuples = values.map((value) => `(${++rows}, 'row ${value}')`);
          return ask(session, `INSERT INTO t VALUES ${tuples.join(", ")}`);
        },
        read: (sql: string, session) => ask(session, sql),
        produce: (order: object) => database.upstream.produce("orders", null, JSON.stringify(order)),
        create: (name: string, session) => ask(session, creating(name)),
        drop: (name: string, session) =>
          ask(session, name.startsWith("x") ? `DROP TABLE ${name} CASCADE` : dropping(name)),
      });
      await settle({ within: "90s" });
      await settled(database);
    },
  );
}

async function setUp(database: StreamingWorld): Promise<void> {
  await database.upstream.createTopic("orders", 2);
  await database.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092'))");
  await database.ensure("CREATE TABLE t (a int, b text)");
  const columns = "customer int, amount int";
  await database.ensure(`CREATE SOURCE orders (${columns}) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON`);
  const totals = "SELECT customer, sum(amount) AS total FROM orders GROUP BY customer";
  await database.ensure(`CREATE MATERIALIZED VIEW totals AS ${totals}`);
  await database.ensure("CREATE MATERIALIZED VIEW constant AS SELECT 1 AS one");
  const into = "INTO KAFKA CONNECTION k (TOPIC 'out')";
  await database.ensure(`CREATE SINK out FROM totals ${into} KEY (customer) FORMAT JSON ENVELOPE UPSERT`);
}

function creating(name: string): string {
  return name.startsWith("x")
    ? `CREATE TABLE ${name} (n int)`
    : `CREATE MATERIALIZED VIEW ${name} AS SELECT b, count(*) AS n FROM t GROUP BY b`;
}

function dropping(name: string): string {
  return `DROP MATERIALIZED VIEW IF EXISTS ${name}`;
}

/** Everything answers in the end. */
async function settled(database: StreamingWorld): Promise<void> {
  for (let tries = 0; tries < 3; tries++) {
    try {
      await database.session("last").query("SELECT * FROM t");
      return;
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (typeof code !== "string" || !isTransient(code)) throw error;
    }
  }
}

/** One run. */
export function streamingRun(definition: SimDefinition, seed: number, isRecording = false): Promise<RunRecord> {
  const plan = generatePlan(definition, nextSeed("0", seed));
  return execute(definition, plan, { record: isRecording });
}
