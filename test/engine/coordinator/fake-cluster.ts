/** A controller without a replica: it reads shards itself, and tells a test what it was told. */
import type {
  ClusterContext,
  ClusterController,
  ClusterListener,
  CreateController,
} from "../../../src/engine/coordinator/cluster.ts";
import type { Entry, Row } from "../../../src/engine/collection.ts";
import type { Peek, PeekOutcome, RenderedObject } from "../../../src/engine/compute/protocol.ts";
import { evaluatePlan } from "../../../src/engine/dataflow/evaluate-plan.ts";
import type { TableRow } from "../../../src/engine/coordinator/health/row-log.ts";
import type { PersistClient } from "../../../src/engine/persist/persist.ts";

export interface FakeCluster extends ClusterController {
  readonly context: ClusterContext;
  /** Everything it was told, in order: `create u1`, `drop u1`, `complete`. */
  readonly told: string[];
  readonly objects: Map<string, RenderedObject>;
  /** Things to report, one after the other, in events of the environment's process. */
  readonly inbox: ((listener: ClusterListener) => void)[];
  /** Peeks are never answered while this is true. */
  isDeaf: boolean;
}

/** Controllers that are added to `made` as environments start. */
export function fakeClusters(persist: () => PersistClient, made: FakeCluster[]): CreateController {
  return (context) => {
    const cluster = fakeCluster(context, persist());
    made.push(cluster);
    return cluster;
  };
}

function fakeCluster(context: ClusterContext, persist: PersistClient): FakeCluster {
  const told: string[] = [];
  const objects = new Map<string, RenderedObject>();
  const cluster: FakeCluster = {
    context,
    told,
    objects,
    inbox: [],
    isDeaf: false,
    create(object) {
      told.push(`create ${object.id}`);
      objects.set(object.id, object);
    },
    drop(id) {
      told.push(`drop ${id}`);
      objects.delete(id);
    },
    addReplica({ name }) {
      told.push(`add ${name}`);
    },
    dropReplica(name) {
      told.push(`remove ${name}`);
    },
    initializationComplete() {
      told.push("complete");
    },
    peek: (peek) => (cluster.isDeaf ? new Promise(() => undefined) : answer(peek, persist)),
    cancelPeek(uuid) {
      told.push(`cancel ${uuid === "" ? "?" : "peek"}`);
    },
  };
  void report(cluster);
  return cluster;
}

async function report({ inbox, context: { ports, listener } }: FakeCluster): Promise<void> {
  for (;;) {
    await ports.host.sleep("100ms");
    for (const tell of inbox.splice(0)) tell(listener);
  }
}

async function answer({ plan, sources, asOf }: Peek, persist: PersistClient): Promise<PeekOutcome> {
  const relations = new Map<string, (readonly [Row, number])[]>();
  for (const { id, shard, table } of sources) {
    if (table === undefined) {
      const entries = await persist.shard<Entry & (string | Row)>(shard).snapshot(asOf);
      relations.set(id, entries.filter(([entry]) => Array.isArray(entry)) as unknown as [Row, number][]);
    } else {
      const rows = await persist.shard<TableRow>(shard).snapshot(asOf);
      relations.set(
        id,
        rows.filter(([row]) => row.table === table).map(([{ row }, count]) => [row, count]),
      );
    }
  }
  return evaluatePlan(plan, relations);
}
