/** Rules of shards, catalog, time and meshes on the real engine: none breaks on the sound one, planted bugs break theirs. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Duration } from "../../src/base/time.ts";
import { loadPgParser } from "../../src/base/pg-parser.ts";
import { tokenEntry } from "../../src/engine/catalog/entry.ts";
import type { CatalogPolicies } from "../../src/engine/catalog/policies.ts";
import { enginePolicies, type EnginePolicies } from "../../src/engine/policies.ts";
import { latency } from "../../src/faults/latency.ts";
import { invariants } from "../../src/invariants/registry.ts";
import type { InvariantDefinition } from "../../src/runner/definition.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";
import { StreamingWorld } from "../../src/world/streaming-world.ts";
import { runBody } from "../support/bodies.ts";
import { streamingDefinition, streamingRun } from "../support/streaming-run.ts";

beforeAll(loadPgParser);

const judged = [
  invariants["S-FRO-1"],
  invariants["S-FRO-2"],
  invariants["S-WRI-1"],
  invariants["S-WRI-2"],
  invariants["S-FEN-1"],
  invariants["S-FEN-2"],
  invariants["S-FEN-3"],
  invariants["S-FEN-4"],
  invariants["S-CONN-1"],
  invariants["S-CRE-1"],
  invariants["S-CRE-2"],
  invariants["S-LIN-2"],
  invariants["S-MESH-1"],
  invariants["S-MESH-2"],
  invariants["L-MESH-1"],
  invariants["L-BOOT-1"],
  invariants["L-QRY-1"],
] as unknown as readonly InvariantDefinition[];

const seeds = Array.from({ length: 10 }, (_, seed) => seed);

const { catalog, coordinator } = enginePolicies;

describe("on the sound engine", () => {
  it.each(seeds)("no invariant breaks under faults, one generation, seed %i", { timeout: 60_000 }, async (seed) => {
    const record = await streamingRun(streamingDefinition({ invariants: judged }), seed);
    expect(record.failure).toBeNull();
  });

  it.each(seeds)("no invariant breaks under faults and a takeover, seed %i", { timeout: 60_000 }, async (seed) => {
    const definition = streamingDefinition({ invariants: judged, hasTakeover: true });
    expect((await streamingRun(definition, seed)).failure).toBeNull();
  });
});

/** A second environment takes over through a slow link while the first one writes after each of these times, until one run fails. */
async function takeover(policies: EnginePolicies, moments: readonly Duration[]): Promise<RunRecord["failure"]> {
  for (const moment of moments) {
    const record = await runBody(
      async ({ world, faults, settle }) => {
        const database = new StreamingWorld({ world, policies });
        await database.ensure("CREATE TABLE t (a int, b text)");
        await database.ensure("CREATE MATERIALIZED VIEW v AS SELECT b, count(*) AS n FROM t GROUP BY b");
        await world.sleep("3s");
        database.deploy();
        faults.inject(latency, { a: "env-2", b: "postgres", ms: 150 });
        await world.sleep(moment);
        await database.ensure("INSERT INTO t VALUES (1, 'early')");
        await world.sleep("8s");
        await database.ensure("INSERT INTO t VALUES (2, 'late')");
        await database.rows("SELECT * FROM v");
        await settle({ within: "60s" });
      },
      { invariants: judged },
    );
    if (record.failure !== null) return record.failure;
  }
  return null;
}

const moments: readonly Duration[] = ["500ms", "800ms", "1s", "1.1s", "1.2s", "1.3s", "1.4s", "1.5s", "1.7s", "2s"];

const inTwoSteps: CatalogPolicies["fenceWrites"] = (durable, mine) => {
  const [old] = durable;
  if (old === undefined || old.generation === mine.generation) return catalog.fenceWrites(durable, mine);
  const between = { generation: old.generation, epoch: mine.epoch };
  return [...catalog.fenceWrites(durable, between), ...catalog.fenceWrites([between], mine)];
};

const planted: readonly (readonly [bug: string, breaks: string, policies: Partial<EnginePolicies>])[] = [
  ["an epoch that is durable before its generation", "S-FEN-4", { catalog: { ...catalog, fenceWrites: inTwoSteps } }],
  [
    "a token that is not retracted",
    "S-FEN-2",
    { catalog: { ...catalog, fenceWrites: (_, mine) => [[[tokenEntry(mine), 1]]] } },
  ],
  ["a fenced environment that writes on", "S-FEN-3", { catalog: { ...catalog, mayAppend: () => true } }],
  [
    "rows that are written after they may be read",
    "S-LIN-2",
    { coordinator: { ...coordinator, writeSteps: () => ["advance-catalog", "apply", "append", "answer"] } },
  ],
  [
    "answers before rows are durable",
    "S-WRI-2",
    { coordinator: { ...coordinator, writeSteps: () => ["advance-catalog", "answer", "append", "apply"] } },
  ],
  [
    "reads at the earliest time there is",
    "S-LIN-2",
    { coordinator: { ...coordinator, readTime: (_, since) => since } },
  ],
  ["views that are sealed at their first report", "S-FRO-2", { coordinator: { ...coordinator, finishes: () => true } }],
];

describe("on an engine with a bug", () => {
  it("a slow takeover breaks nothing without one", { timeout: 60_000 }, async () => {
    expect(await takeover(enginePolicies, moments)).toBeNull();
  });

  it.each(planted)("%s breaks %s", { timeout: 60_000 }, async (_, breaks, policies) => {
    expect((await takeover({ ...enginePolicies, ...policies }, moments))?.invariant).toBe(breaks);
  });
});
