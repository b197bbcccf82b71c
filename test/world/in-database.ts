/** A streaming database in a world of its own, told what to do step by step. */
import { expect } from "vitest";
import type { RunRecord } from "../../src/runner/run/record.ts";
import type { Body } from "../../src/scenario/define-scenario.ts";
import { enginePolicies, StreamingWorld } from "../../src/streaming.ts";
import { runBody, type Setup } from "../support/bodies.ts";

export type Steps = (db: StreamingWorld, context: Parameters<Body>[0]) => Promise<void>;

/** Runs `steps` behind statements that `begin` the database. The run must pass. */
export async function inDatabase(begin: readonly string[], steps: Steps, setup: Setup = {}): Promise<RunRecord> {
  const record = await runBody(async (context) => {
    const db = new StreamingWorld({ world: context.world, policies: enginePolicies });
    for (const sql of begin) await db.ensure(sql);
    await steps(db, context);
  }, setup);
  expect(record.failure).toBeNull();
  return record;
}
