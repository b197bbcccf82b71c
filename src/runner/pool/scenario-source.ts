/** Where the scenarios of a suite come from: the files, and how they were looked for. Found by `scenario/load.ts`. */

export interface ScenarioSource {
  /** Absolute path of the folder that the patterns start from. */
  readonly directory: string;
  readonly patterns: readonly string[];
  /** The patterns are the default ones: a file among them that defines no scenario is no mistake. */
  readonly isDefault: boolean;
  /** Absolute paths, in code-unit order. */
  readonly files: readonly string[];
}
