/** One small program that lets the outside into a run. */
export interface Leak {
  readonly id: string;
  /** How the guard must name it. */
  readonly api: string;
  /** The line that does it ends in `// leak: <id>`. */
  run(): unknown;
}

/** A group of leaks: their file, where their places must point, and whether virtual processes are refused as well. */
export interface LeakGroup {
  readonly file: string;
  readonly refusedIn: "ports" | "both";
  readonly leaks: readonly Leak[];
}
