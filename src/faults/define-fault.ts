/** `defineFault`: a fault family, as a value that is called where a scenario uses it. */
import type { Arbitrary } from "fast-check";
import type { Json, JsonObject } from "../base/json.ts";
import type { Duration, Micros } from "../base/time.ts";
import type { FaultWorld, Heal } from "../ports/controls.ts";
import type { FaultDefinition, FaultUse } from "../runner/definition.ts";
import fc from "fast-check";
import { UsageError } from "../base/errors.ts";
import { parseDuration } from "../base/time.ts";

/** How a scenario uses a fault: where (`on`: hosts), how often at most, with which parameters. */
export interface FaultOptions<P extends JsonObject> {
  /** Hosts that it may hit; any host that runs programs unless given. */
  readonly on?: readonly string[];
  /** Injections a plan may hold; default 4. */
  readonly max?: number;
  readonly params?: { readonly [K in keyof P]?: Arbitrary<P[K]> };
}

export interface FaultFactory<P extends JsonObject> {
  (options?: FaultOptions<P>): FaultUse;
  readonly fault: FaultDefinition<P>;
}

/** A fault of one's own: parameters are arbitraries, drawn and shrunk; `inject` returns its healing. */
export function defineFault<P extends JsonObject>(definition: {
  readonly id: string;
  readonly doc: string;
  readonly witness: string;
  readonly recoverable?: boolean;
  readonly params: { readonly [K in keyof P]: Arbitrary<P[K]> };
  readonly lasts?: { readonly min: Duration | Micros; readonly max: Duration | Micros };
  readonly inject: (world: FaultWorld, params: P) => Heal | void;
}): FaultFactory<P> {
  const lasts = definition.lasts ?? { min: "100ms", max: "10s" };
  if (!/^[a-z][\w-]*\.[a-z][\w-]*$/.test(definition.id)) {
    throw new UsageError(`fault id "${definition.id}": write area.effect, like "disk.slow"`);
  }
  const fault: FaultDefinition<P> = Object.freeze({
    ...definition,
    recoverable: definition.recoverable ?? true,
    lasts: { min: parseDuration(lasts.min), max: parseDuration(lasts.max) },
  });
  const use = (options: FaultOptions<P> = {}): FaultUse => {
    const params: { [name: string]: Arbitrary<Json> } = { ...fault.params, ...options.params } as never;
    if (options.on !== undefined) {
      if (!Object.hasOwn(fault.params, "host")) {
        throw new UsageError(`fault ${fault.id} takes no "on": it has no parameter "host"`);
      }
      if (options.on.length === 0) throw new UsageError(`fault ${fault.id}: "on" names no host`);
      params["host"] = fc.constantFrom(...options.on);
    }
    return Object.freeze({ fault: fault as unknown as FaultDefinition, params, max: options.max ?? 4 });
  };
  return Object.assign(use, { fault });
}
