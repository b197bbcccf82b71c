/**
 * What a command is: a value with its name, its flags and its words, from which parsing and help are derived. Its file
 * is loaded for every command line, so it imports nothing heavy at its top: `run` does that when it is called.
 */
import type { Terminal } from "./terminal.ts";

/** A flag; without `parse` it is on or off. `parse` throws `UsageError`. */
export interface Flag<T> {
  /** As in help: `--seeds <n>`. */
  readonly spelling: string;
  readonly doc: string;
  /** A method, so that flags of every type fit one record. */
  parse?(text: string, before: T | undefined): T;
}

export type Flags = { readonly [name: string]: Flag<unknown> };

/** The values of flags, by the name in camel case that the spelling gives them; absent where not given. */
export type FlagValues<F extends Flags> = { readonly [K in keyof F]?: F[K] extends Flag<infer T> ? T : never };

export interface Command {
  readonly name: string;
  /** Arguments as help spells them: `[scenario...]`, or "". */
  readonly args: string;
  readonly doc: string;
  readonly flags: Flags;
  readonly examples: readonly string[];
  /** Does it. Resolves to the exit code; throws `UsageError`. */
  readonly run: (
    terminal: Terminal,
    args: readonly string[],
    flags: { readonly [name: string]: unknown },
  ) => Promise<number>;
}

/** A command whose `run` gets its flags with their types. */
export function defineCommand<F extends Flags>(
  command: Omit<Command, "flags" | "run"> & {
    readonly flags: F;
    readonly run: (terminal: Terminal, args: readonly string[], flags: FlagValues<F>) => Promise<number>;
  },
): Command {
  // `run` gets exactly what the flags of this very command parse to.
  return command as unknown as Command;
}

/** A flag that is on or off. */
export function onOff(spelling: string, doc: string): Flag<boolean> {
  return { spelling, doc };
}

/** A flag with a value. */
export function valued<T>(spelling: string, doc: string, parse: (text: string) => T): Flag<T> {
  return { spelling, doc, parse };
}

/** A flag that may be given several times; its values are joined. */
export function repeated<T>(spelling: string, doc: string, parse: (text: string) => readonly T[]): Flag<readonly T[]> {
  return { spelling, doc, parse: (text, before) => [...(before ?? []), ...parse(text)] };
}
