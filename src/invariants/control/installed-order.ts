/** S-MESH-3. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface Mesh {
  /** What was installed, in order, by the process that is furthest. */
  readonly order: string[];
  /** By index: how many of these. */
  readonly places: Map<number, number>;
}

/**
 * S-MESH-3: the processes of a mesh install the same objects in the same order, some earlier than others. A mesh without an
 * epoch is not judged, since it is not known who belongs to it.
 */
export const installedOrder = defineInvariant<Map<string, Mesh>, Observed>({
  id: "S-MESH-3",
  doc: "All processes of a mesh install the same objects in the same order.",
  state: () => new Map<string, Mesh>(),
  on: {
    "dataflow.installed": (meshes, { replica, index, epoch, number, id }) => {
      if (epoch === "") return undefined;
      const key = `${replica} ${epoch}`;
      const mesh = meshes.get(key) ?? { order: [], places: new Map<number, number>() };
      meshes.set(key, mesh);
      const place = mesh.places.get(index) ?? 0;
      mesh.places.set(index, place + 1);
      const installed = `${number} ${id}`;
      const expected = (mesh.order[place] ??= installed);
      if (expected === installed) return undefined;
      const message = `process ${index} of ${replica} installed objects in another order than its peers`;
      return { subject: replica, message, expected, observed: installed };
    },
  },
});
