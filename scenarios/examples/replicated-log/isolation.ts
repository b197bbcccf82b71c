/** A fault of this scenario's own, beside those of `wavetank/faults`. */
import { fc } from "wavetank";
import { defineFault } from "wavetank/faults";

/** The way to a leader that does not know that it is one no more: its clients still reach it. */
export const isolation = defineFault<{ host: number; from: "one" | "all" }>({
  id: "net.isolation",
  doc: "A replica and one or all of the others lose each other; clients reach them all.",
  witness: "net.blocked",
  params: { host: fc.nat(2), from: fc.constantFrom("all", "all", "one") },
  lasts: { min: "1s", max: "8s" },
  inject: (world, { host, from }) => {
    const target = world.resolve(host);
    if (target === undefined) return undefined;
    const others = world.hosts().filter((name) => name !== target);
    if (from === "one") others.pop();
    const heals = others.flatMap((other) => [world.link(target, other).block(), world.link(other, target).block()]);
    return () => {
      for (const heal of heals) heal();
    };
  },
});
