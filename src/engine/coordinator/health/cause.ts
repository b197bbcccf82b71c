/**
 * What holds a connector up from above, resolved through the catalog of now: so dropping the cause changes the answer.
 * The data's errors do not say which relation they arose in; what is named is what the catalog and statuses allow to be
 * said of it.
 */
import type { Item } from "../objects/item.ts";
import type { Schema } from "../objects/schema.ts";
import type { StatusFold } from "./status-row.ts";

/** What records are refused with that cannot be decoded; only a source can be where that happened. */
const undecodable = "22P02";

/**
 * The id of the object that a connector's error of class `input` comes from: a source above it that has failed for good
 * (the oldest of several); else, for an undecodable record, the one source above it; else the relation that it reads.
 * Null for who reads nothing. Pure.
 */
export function causeOf(id: string, code: string | null, schema: Schema, { latest }: StatusFold): string | null {
  const plan = schema.get(id)?.plan;
  if (plan?.kind !== "create-sink") return null;
  const sources = ancestors(plan.from, schema).filter(({ kind }) => kind === "source");
  const failed = sources.find((source) => latest.get(source.id)?.status === "failed");
  if (failed !== undefined) return failed.id;
  return code === undecodable && sources.length === 1 ? sources[0]!.id : plan.from;
}

/** An object and all that it refers to, directly or through others; in order of creation. */
function ancestors(id: string, schema: Schema): readonly Item[] {
  const found = new Set([id]);
  // Whatever is referred to was created before.
  for (const item of schema.all().toReversed()) {
    if (found.has(item.id)) for (const input of item.plan.dependsOn) found.add(input);
  }
  return schema.all().filter((item) => found.has(item.id));
}
