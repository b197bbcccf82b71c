/** A fault of this scenario's own, beside those of `wavetank/faults`. */
import { fc } from "wavetank";
import { defineFault } from "wavetank/faults";

/** The way to a leader that does not know that it is one no more: its clients still reach it. */
export const isolation = defineFault<{ host: number; from: "next" | "all" }>({
  id: "net.isolation",
  doc: "A replica and the next one, or all others, lose each other; clients reach them all.",
  witness: "net.blocked",
  params: { host: fc.nat(2), from: fc.constantFrom("all", "all", "next") },
  lasts: { min: "1s", max: "8s" },
  inject: (world, { host, from }) => {
    const target = world.resolve(host);
    if (target === undefined) return undefined;
    const hosts = world.hosts();
    const place = hosts.indexOf(target);
    const others = [...hosts.slice(place + 1), ...hosts.slice(0, place)];
    const lost = from === "all" ? others : others.slice(0, 1);
    const heals = lost.flatMap((other) => [world.link(target, other).block(), world.link(other, target).block()]);
    return () => {
      for (const heal of heals) heal();
    };
  },
});
