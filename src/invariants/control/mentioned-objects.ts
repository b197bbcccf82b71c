/** S-REC-2. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { LiveObjects, tokenKey, type LiveObject } from "./live-objects.ts";

interface State {
  readonly live: LiveObjects;
  /** By process: times at which it created something and said so. */
  readonly created: Map<string, Set<number>>;
}

/**
 * S-REC-2: who tells a replica that it has mentioned everything has: all that was in the catalog when it took it over and
 * is still there, and all that it created since and said so. What is being created may come later. And no source or sink
 * is mentioned to any but the oldest replica of its cluster.
 */
export const mentionedObjects = defineInvariant<State, Observed>({
  id: "S-REC-2",
  doc: "A replica is told that it knows everything only when it has heard of every object that it is to run.",
  state: () => ({ live: new LiveObjects(), created: new Map() }),
  on: {
    "shard.changed": ({ live }, data) => live.changed(data),
    "statement.ended": ({ created }, { ok, ts, kind }, { process }) => {
      if (!ok || ts === null || !kind.startsWith("create-")) return;
      const times = created.get(process) ?? new Set<number>();
      created.set(process, times.add(ts));
    },
    "controller.mentioned": ({ live, created }, data, { process }) =>
      judged(live, data, created.get(process) ?? new Set()),
  },
});

function judged(
  live: LiveObjects,
  { generation, epoch, replica, cluster, isOldest, objects }: Observed["controller.mentioned"],
  created: ReadonlySet<number>,
): Breach | undefined {
  const mentioned = new Set(objects.map(([id]) => id));
  const found = live.found.get(tokenKey({ generation, epoch })) ?? [];
  for (const object of live.objects.values()) {
    if (mentioned.has(object.id) || !(found.includes(object.id) || created.has(object.createdAt))) continue;
    if (!live.isFor(object, cluster, isOldest)) continue;
    const message = `${replica} was told that it knows everything without having heard of ${object.name}`;
    return { subject: object.kind, message, expected: object.id, observed: [...mentioned] };
  }
  const elsewhere = objects.map(([id]) => live.objects.get(id)).find((object) => isOnce(object) && !isOldest);
  if (elsewhere === undefined) return undefined;
  const message = `${replica} was told to run ${elsewhere.name}, which runs on the oldest replica alone`;
  return { subject: elsewhere.kind, message, expected: null, observed: elsewhere.id };
}

/** Whether an object runs in one place. */
function isOnce(object: LiveObject | undefined): boolean {
  return object?.kind === "source" || object?.kind === "sink";
}
