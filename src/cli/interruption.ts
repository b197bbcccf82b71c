/**
 * How a user stops what is under way: Ctrl-C, a termination signal, or the key "q" where there is a keyboard. The first
 * asks for a graceful end with a report of what was found, the second ends the process at once.
 */
import type { Terminal } from "./terminal.ts";
import { exitCodes } from "./exit-codes.ts";
import { hasKeys } from "./terminal.ts";

export interface Interruption {
  readonly signal: AbortSignal;
  /** Gives keyboard and signals back. */
  readonly release: () => void;
}

const signals = ["SIGINT", "SIGTERM"] as const;

/** Listens until it is released. Keys are only read when `readsKeys`: only then does anything on screen say so. */
export function watchInterruption(terminal: Terminal, readsKeys: boolean): Interruption {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) terminal.exitNow(exitCodes.interrupted);
    else controller.abort();
  };
  for (const signal of signals) process.on(signal, interrupt);
  const releaseKeys = readsKeys ? watchKeys(terminal, interrupt) : () => undefined;
  const release = (): void => {
    for (const signal of signals) process.removeListener(signal, interrupt);
    releaseKeys();
  };
  return { signal: controller.signal, release };
}

/** In raw mode Ctrl-C is a key like others. */
function watchKeys(terminal: Terminal, interrupt: () => void): () => void {
  const { stdin } = terminal;
  if (!hasKeys(stdin)) return () => undefined;
  const onKey = (keys: Buffer): void => {
    if (keys.includes(3) || keys.toString().toLowerCase() === "q") interrupt();
  };
  stdin.setRawMode(true);
  stdin.resume();
  stdin.on("data", onKey);
  return () => {
    stdin.off("data", onKey);
    stdin.setRawMode(false);
    stdin.pause();
  };
}
