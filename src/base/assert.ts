/** A condition that only a bug in Wavetank (or in the engine that asserts it) can break. */
export class AssertionFailure extends Error {
  override readonly name = "AssertionFailure";
  readonly check: string;
  readonly data: unknown;

  constructor(check: string, data?: unknown) {
    super(`assertion failed: ${check}`);
    this.check = check;
    this.data = data;
  }
}

/** Throws `AssertionFailure` naming `check` unless `condition` holds; only a task boundary catches it. */
export function assert(condition: unknown, check: string, data?: unknown): asserts condition {
  if (!condition) throw new AssertionFailure(check, data);
}
