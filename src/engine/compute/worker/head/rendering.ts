/**
 * From when on a view is read, as process 0 decides it for all: not before the time that the environment wants, and from
 * just below what the shard holds already, since the sources may be compacted up to there. A view whose sources are
 * compacted further cannot be computed here: it waits, and says so, in case another replica brings it on.
 */
import type { EnginePorts } from "../../../../ports/engine-ports.ts";
import type { Frontier, Time } from "../../../collection.ts";
import type { PersistClient } from "../../../persist/persist.ts";
import type { HealthUpdate, MaterializedViewObject } from "../../protocol.ts";
import type { ReplicaPolicies } from "../policies.ts";
import { readBy } from "../running/sources.ts";

/** How long a view that cannot be computed waits before it looks again. */
const lookEvery = "5s";

export interface RenderingOptions {
  readonly ports: EnginePorts;
  readonly persist: PersistClient;
  readonly policies: ReplicaPolicies;
  readonly object: MaterializedViewObject;
  /** Whether it is wanted still. */
  readonly isWanted: () => boolean;
  readonly status: (update: HealthUpdate) => void;
}

/** What a view is rendered with. */
export interface Rendering {
  readonly asOf: Time;
  readonly sinces: readonly (readonly [shard: string, since: Frontier])[];
}

/** Resolves once the view may be rendered, or is known to need it no more: dropped, or its shard is finished for ever. */
export async function rendering(options: RenderingOptions): Promise<Rendering | "dropped" | "finished"> {
  const { ports, persist, policies, object, isWanted, status } = options;
  const shards = [...new Set(readBy(object.plan, object.sources).map(({ shard }) => shard))];
  for (let looks = 1; ; looks++) {
    const [own, ...inputs] = await Promise.all([object.shard, ...shards].map((shard) => persist.shard(shard).bounds()));
    if (!isWanted()) return "dropped";
    if (own!.upper === null) return "finished";
    const asOf = policies.renderedAsOf(object.asOf, own!.upper);
    const sinces = inputs.map(({ since }) => since);
    if (policies.mayRender(asOf, sinces)) {
      if (looks > 1) status(health(ports, object, looks, true));
      return { asOf, sinces: shards.map((shard, place) => [shard, sinces[place]!]) };
    }
    status(health(ports, object, looks, false));
    await ports.host.sleep(lookEvery);
    if (!isWanted()) return "dropped";
  }
}

function health(
  { host }: EnginePorts,
  { id, incarnation }: MaterializedViewObject,
  occurrences: number,
  isWell: boolean,
): HealthUpdate {
  const at = Math.floor(host.clock.wall() / 1_000);
  const common = { id, incarnation, namespace: "internal", hint: null, at } as const;
  if (isWell) return { ...common, status: "running", error: null, class: null, code: null, occurrences: 0 };
  const error = "what it is computed from was compacted beyond its own contents";
  return { ...common, status: "stalled", error, class: "internal", code: "since-violation", occurrences };
}
