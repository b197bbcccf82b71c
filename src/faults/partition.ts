import fc from "fast-check";
import type { Heal } from "../ports/controls.ts";
import { defineFault } from "./define-fault.ts";

export const partition = defineFault<{ side: number }>({
  id: "net.partition",
  doc: "The hosts fall into two groups, and nothing passes between them either way.",
  witness: "net.blocked",
  params: { side: fc.nat(4_095) },
  inject: (world, { side }) => {
    const machines = world.machines();
    if (machines.length < 2) return undefined;
    const isLeft = machines.map((_, index) => ((side >> (index % 12)) & 1) === 1);
    // A mask that puts all on one side isolates one of them instead.
    if (isLeft.every((left) => left === isLeft[0])) isLeft[side % machines.length] = !isLeft[0];
    const heals: Heal[] = [];
    for (const [from, fromLeft] of isLeft.entries()) {
      for (const [to, toLeft] of isLeft.entries()) {
        if (fromLeft !== toLeft) heals.push(world.link(machines[from]!, machines[to]!).block());
      }
    }
    return () => {
      for (const heal of heals) heal();
    };
  },
});
