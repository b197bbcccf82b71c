/** Wrong input by a user: a flag, a file, a scenario. The command line shows the message and ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Ambient time, randomness or I/O reached a run, or two executions of one plan differ. Verdict `diverged`. */
export class NondeterminismError extends Error {
  override readonly name = "NondeterminismError";
  /** What was reached, as a user would write it: `Date.now`, `fs.readFileSync`. */
  readonly api: string;
  /** `name#incarnation` of the process that did it. */
  readonly process: string;
  /** `file:line:column` of the call, outside Wavetank and Node. */
  readonly place: string;

  constructor(api: string, process: string, place: string, message: string) {
    super(message);
    this.api = api;
    this.process = process;
    this.place = place;
  }
}
