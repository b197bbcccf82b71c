/** Transactions on clusters and replicas, applied to a catalog's contents. */
import { beforeEach, describe, expect, it } from "vitest";
import { clustersOf, replicasOf } from "../../../src/engine/catalog/clusters.ts";
import {
  createCluster,
  createReplicas,
  dropCluster,
  dropReplicas,
  resizeCluster,
} from "../../../src/engine/catalog/cluster-transaction.ts";
import { CatalogContents } from "../../../src/engine/catalog/contents.ts";
import type { CatalogChange } from "../../../src/engine/catalog/entry.ts";
import { initialContents } from "../../../src/engine/catalog/transaction.ts";

const small = { processes: 1, workers: 1 };
const big = { processes: 2, workers: 1 };

let contents: CatalogContents;
const apply = (changes: readonly CatalogChange[]): void => contents.apply(changes);
const told = (): readonly string[] =>
  clustersOf(contents).map(({ id, name, replicas }) => {
    const all = replicas.map((replica) => `${replica.id}=${replica.name}:${replica.size.processes}`);
    return `${id}=${name} ${all.join(" ")}`.trim();
  });

beforeEach(() => {
  contents = new CatalogContents();
  apply(initialContents(contents, 1, small));
  apply(createCluster(contents, { name: "managed", managed: { size: small, factor: 2 }, replicas: [] }));
  const replicas = [
    { name: "r1", size: small },
    { name: "x", size: big },
  ];
  apply(createCluster(contents, { name: "free", managed: null, replicas }));
});

describe("transactions on clusters", () => {
  it("give ids that are never given again, of replicas among all clusters", () => {
    expect(told()).toEqual(["c1=default r1=r1:1", "c2=managed r2=r1:1 r3=r2:1", "c3=free r4=r1:1 r5=x:2"]);
    apply(dropCluster(contents, "c3"));
    apply(dropReplicas(contents, ["r3", "r99"]));
    apply(createCluster(contents, { name: "free", managed: null, replicas: [] }));
    apply(createReplicas(contents, "c4", [{ name: "y", size: small }]));
    expect(told()).toEqual(["c1=default r1=r1:1", "c2=managed r2=r1:1", "c4=free r6=y:1"]);
  });

  it("resize a managed cluster: the oldest replicas stay, of another size none does", () => {
    apply(resizeCluster(contents, "c2", { size: small, factor: 3 }));
    expect(told()[1]).toBe("c2=managed r2=r1:1 r3=r2:1 r6=r3:1");
    apply(resizeCluster(contents, "c2", { size: small, factor: 1 }));
    expect(told()[1]).toBe("c2=managed r2=r1:1");
    apply(resizeCluster(contents, "c2", { size: big, factor: 1 }));
    expect(told()[1]).toBe("c2=managed r7=r1:2");
    apply(resizeCluster(contents, "c2", { size: big, factor: 0 }));
    expect(told()[1]).toBe("c2=managed");
    expect(clustersOf(contents)[1]!.managed).toEqual({ size: big, factor: 0 });
  });

  it("make a cluster managed, whose replicas stay as far as they fit", () => {
    apply(resizeCluster(contents, "c3", { size: small, factor: 2 }));
    expect(told()[2]).toBe("c3=free r4=r1:1 r6=r2:1");
    expect(replicasOf(contents).map(({ id }) => id)).toEqual(["r1", "r2", "r3", "r4", "r6"]);
  });

  it("of what is gone come to nothing", () => {
    expect(resizeCluster(contents, "c9", { size: small, factor: 1 })).toEqual([]);
    expect(dropCluster(contents, "c9")).toEqual([]);
  });
});
