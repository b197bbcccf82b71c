/** What the body of a simulation is handed. The body runs as a process of its own, the driver, which no fault touches. */
import type { Json, JsonObject } from "../base/json.ts";
import type { Duration, Micros } from "../base/time.ts";
import type { World } from "../ports/world.ts";
import type { FaultDefinition } from "./definition.ts";

export interface BodyContext {
  readonly world: World;
  /**
   * Performs the ops of the plan, those of a session one after the other; resolves when all have ended. An op is handed
   * its value and the number of its session. One that rejects with an error that has a `code` has an unknown outcome, and
   * the run goes on; any other error fails the body.
   */
  readonly run: (ops: {
    readonly [op: string]: (value: never, session: number) => Promise<unknown> | unknown;
  }) => Promise<void>;
  /** Marks a `sometimes` property as reached when `condition` holds. */
  readonly sometimes: (property: string, condition?: boolean) => void;
  /** Scripted faults, beside those of the plan. Returns heal. */
  readonly faults: {
    inject<P extends JsonObject>(
      fault: FaultDefinition<P> | { readonly fault: FaultDefinition<P> },
      params: P,
    ): () => void;
  };
  readonly knobs: { readonly [knob: string]: Json };
  readonly policies: { readonly [name: string]: never };
  /** The seed's canonical text. */
  readonly seed: string;
  /**
   * Faults are over, and from here on it must work: heals every active fault, injects no more, brings dead processes back
   * and waits until every invariant's `atEnd` holds, at most `within`. Whichever does not hold then is what fails when the
   * body ends. Looks again every `every` (default 250 ms).
   */
  readonly settle: (options: {
    readonly within: Duration | Micros;
    readonly every?: Duration | Micros;
  }) => Promise<void>;
  /** From now on the body must end within this time, or the run is stuck; `world.heal` does the same. */
  readonly within: (limit: Duration | Micros) => void;
}
