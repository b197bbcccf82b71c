/** Feeds observations to the invariants of one run and to whoever waits for witnesses; the first breach ends the run. */
import type { Observation } from "../../ports/events.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Process } from "../../kernel/process.ts";
import type { Breach, InvariantDefinition } from "../definition.ts";
import { current } from "../../kernel/current.ts";
import { placeOf } from "../../kernel/place.ts";

interface Rule {
  readonly invariant: InvariantDefinition;
  readonly state: unknown;
}

/** What `KernelFailure.detail` holds when an invariant broke. */
export interface BrokenRule {
  readonly invariant: string;
  readonly breach: Breach;
}

export class Judge {
  /** Number of observations by kind. */
  readonly seen = new Map<string, number>();
  readonly #kernel: Kernel;
  /** Invariants run as this process, which is held to ports: they see observations and nothing else. */
  readonly #checker: Process;
  readonly #rules: Rule[];
  readonly #byKind = new Map<string, Rule[]>();

  constructor(kernel: Kernel, checker: Process, invariants: readonly InvariantDefinition[]) {
    this.#kernel = kernel;
    this.#checker = checker;
    this.#rules = invariants.map((invariant) => ({ invariant, state: invariant.state() }));
    for (const rule of this.#rules) {
      for (const kind of Object.keys(rule.invariant.on)) {
        this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), rule]);
      }
    }
  }

  see(observation: Observation): void {
    this.seen.set(observation.kind, (this.seen.get(observation.kind) ?? 0) + 1);
    const rules = this.#byKind.get(observation.kind);
    if (rules === undefined) return;
    for (const { invariant, state } of rules) {
      const check = (): Breach | undefined | void =>
        invariant.on[observation.kind]!(state, observation.data as never, observation);
      this.#judge(invariant, check, observation.process);
    }
  }

  /** Judges what can be judged only when the body has ended. */
  atEnd(): void {
    for (const { invariant, state } of this.#rules) {
      if (invariant.atEnd !== undefined) this.#judge(invariant, () => invariant.atEnd!(state), "");
    }
  }

  /** Whether everything that is judged at the end holds already. A check that throws does not. */
  get holds(): boolean {
    return this.#rules.every(({ invariant, state }) => {
      const { atEnd } = invariant;
      if (atEnd === undefined) return true;
      const before = current.process;
      current.process = this.#checker;
      try {
        return atEnd(state) === undefined;
      } catch {
        // It is thrown again, and told, when the body has ended.
        return false;
      } finally {
        current.process = before;
      }
    });
  }

  #judge(invariant: InvariantDefinition, check: () => Breach | undefined | void, process: string): void {
    const before = current.process;
    current.process = this.#checker;
    let breach: Breach | undefined | void;
    let place: string | undefined;
    try {
      breach = check();
    } catch (error) {
      place = placeOf(error);
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      breach = { subject: "check threw", message: `the check itself threw ${text}` };
    } finally {
      current.process = before;
    }
    if (breach === undefined) return;
    const detail: BrokenRule = { invariant: invariant.id, breach };
    this.#kernel.fail({
      rule: "invariant",
      subject: breach.subject ?? "",
      message: breach.message ?? invariant.doc,
      process: process === "" ? null : process,
      place,
      detail,
    });
  }
}
