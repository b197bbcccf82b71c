/** Frontiers and fence tokens, compared. A frontier is a time, or null when nothing can come any more. */
export type Frontier = number | null;

export interface Token {
  readonly generation: number;
  readonly epoch: number;
}

/** Whether frontier `a` is before frontier `b`; null is after all times. */
export function isBefore(a: Frontier, b: Frontier): boolean {
  return a !== null && (b === null || a < b);
}

/** Negative, zero or positive as `a` is below, equal to or above `b`: by generation, then by epoch. */
export function compareTokens(a: Token, b: Token): number {
  return a.generation === b.generation ? a.epoch - b.epoch : a.generation - b.generation;
}

/** A token as messages name it. */
export function tokenText({ generation, epoch }: Token): string {
  return `(${generation}, ${epoch})`;
}
