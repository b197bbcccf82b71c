/** Why an environment ends on purpose: the only reasons there are, and what each says to whoever restarts it. */
import type { Host } from "../../ports/host.ts";
import type { CommitRefusal } from "../catalog/committing.ts";
import type { Refusal } from "../catalog/opening.ts";
import type { Token } from "../catalog/token.ts";
import { SqlError } from "../sql/sql-error.ts";

/**
 * `code` is the process's exit code: 0 where nothing is wrong with it, 134 where it should not have come to this, 2 where
 * beginning again is the way to find out. Whether to start it again follows from the reason, not from the code.
 */
export const engineReasons = {
  /** A higher generation has taken over: there is nothing left to do. */
  "fenced-by-generation": { code: 0, isRestarted: false },
  /** Another process of this generation runs, or a successor was started too early. */
  "fenced-by-epoch": { code: 134, isRestarted: true },
  /** Memory is not what is durable. */
  "catalog-out-of-sync": { code: 0, isRestarted: true },
  /** The catalog was written by a newer binary of this generation. */
  "incompatible-version": { code: 134, isRestarted: true },
  /** Somebody else wrote to the catalog while it was opened, and that was not tried again. */
  "opening-raced": { code: 134, isRestarted: true },
  /** A replica or a shard has seen a newer owner that the catalog does not know. */
  "owner-fenced": { code: 2, isRestarted: true },
  /** The machine asked for it. */
  stopped: { code: 0, isRestarted: true },
} as const satisfies { readonly [reason: string]: { readonly code: number; readonly isRestarted: boolean } };

export type EngineReason = keyof typeof engineReasons;

/** The reason that a refusal of the catalog gives. */
export function reasonOf(refusal: Refusal | CommitRefusal): EngineReason {
  switch (refusal.kind) {
    case "fenced":
      return refusal.fence.by === "generation" ? "fenced-by-generation" : "fenced-by-epoch";
    case "out-of-sync":
      return "catalog-out-of-sync";
    case "incompatible-version":
      return "incompatible-version";
    case "raced":
      return "opening-raced";
  }
}

interface Ending {
  readonly host: Host;
  readonly token: () => Token;
  readonly policies: {
    readonly ends: (reason: EngineReason) => boolean;
    readonly exitCode: (reason: EngineReason) => number;
  };
}

/**
 * How an environment ends itself: in an event of its own, so that what it has said until now is heard; the first reason
 * counts. Under a policy that does not end it, rejects with an `SqlError` (57P01) for the statement that met the reason.
 */
export type End = (reason: EngineReason) => Promise<never>;

/** The end of a process. `token` is asked when it comes to it. */
export function ending({ host, token, policies }: Ending): End {
  let isEnding = false;
  return async (reason) => {
    if (reason !== "stopped" && !policies.ends(reason)) {
      throw new SqlError("57P01", `the environment has been replaced (${reason})`);
    }
    if (isEnding) return new Promise<never>(() => undefined);
    isEnding = true;
    const code = policies.exitCode(reason);
    host.emit("env.ending", { ...token(), reason, code });
    await host.sleep("1ms");
    return host.exit(code, reason);
  };
}
