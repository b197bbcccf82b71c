/** A supervised program whose incarnations note when they began. */
import type { Host } from "../../src/ports/host.ts";
import type { StartOptions } from "../../src/ports/world.ts";
import { Tank } from "./tank.ts";

/** Starts a program that notes when each incarnation began, µs. A panic with code `EBUG` ends it alone. */
export function starts(
  options: StartOptions,
  program: (host: Host, incarnation: number) => unknown = () => undefined,
): { readonly tank: Tank; readonly began: { readonly process: string; readonly at: number }[] } {
  const tank = new Tank({ tolerate: ["EBUG"] });
  const began: { process: string; at: number }[] = [];
  tank.start(
    "server",
    (host) => {
      began.push({ process: host.process, at: tank.now });
      return program(host, began.length);
    },
    options,
  );
  return { tank, began };
}

/** Times between the beginnings of incarnations, ms. */
export const gaps = (began: readonly { readonly at: number }[]): number[] =>
  began.slice(1).map(({ at }, index) => Math.round((at - began[index]!.at) / 1_000));
