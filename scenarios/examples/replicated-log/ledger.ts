/** What the log amounts to: a list of values. Equal logs give equal lists, on whichever replica. */
import type { Entry } from "./messages.ts";
import type { Policies } from "./policies.ts";

export class Ledger {
  readonly #values: number[] = [];
  /** Place in the list of what each request put there, from 1. */
  readonly #positions = new Map<string, number>();
  readonly #isRepeat: Policies["isRepeat"];

  constructor({ isRepeat }: Policies) {
    this.#isRepeat = isRepeat;
  }

  get values(): readonly number[] {
    return this.#values;
  }

  /** The place of a request that is in the list already. */
  positionOf(request: string): number | undefined {
    return this.#isRepeat(this.#positions, request) ? this.#positions.get(request) : undefined;
  }

  /** Applies the next committed entry: a request takes effect once, however often it is in the log. */
  apply({ request, value }: Entry): { readonly position: number; readonly isFirst: boolean } {
    const known = this.positionOf(request);
    if (request === "" || known !== undefined) return { position: known ?? 0, isFirst: false };
    const position = this.#values.push(value);
    this.#positions.set(request, position);
    return { position, isFirst: true };
  }
}
