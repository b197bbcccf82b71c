/**
 * The durable catalog, open for writing: one shard, one holder of the fence token, everything in memory as well.
 * Read-only and savepoint openings are left out, and so are migrations: the content version is written and checked.
 */
import type { Json } from "../../base/json.ts";
import type { Time } from "../collection.ts";
import type { Shard } from "../persist/persist.ts";
import { beginCommit, nextCommit, type CommitRefusal, type CommitState } from "./committing.ts";
import type { CatalogContents } from "./contents.ts";
import type { CatalogChange, CatalogEntry, ReplicaSize } from "./entry.ts";
import { Lane, Shared } from "./lane.ts";
import { nextOpen, openStart, type OpenState, type Refusal } from "./opening.ts";
import type { CatalogPolicies } from "./policies.ts";
import { currentUpper, readContents, readSteps } from "./shard-reader.ts";
import { fenceBy, type Fence, type Token } from "./token.ts";
import { initialContents } from "./transaction.ts";

/** Content version of this binary. */
export const contentVersion = 1;

const defaultSize: ReplicaSize = { processes: 3, workers: 2 };

export interface CatalogOptions {
  readonly shard: Shard<CatalogEntry>;
  readonly generation: number;
  /** Content version that the binary writes and understands; this binary's own unless given. */
  readonly version?: number;
  /** Of the replica that a new catalog has; three processes of two workers unless given. */
  readonly replicaSize?: ReplicaSize;
  readonly policies: CatalogPolicies;
  /** Observations `catalog.*` and `env.fenced`. */
  readonly emit: (kind: string, data: Json) => void;
}

export type Opening =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly refusal: Refusal | CommitRefusal };

export type CommitOutcome =
  | { readonly ok: true; readonly upper: Time }
  /** Nothing was written: the upper has passed the time. A time from `upper` on is needed. */
  | { readonly ok: false; readonly late: true; readonly upper: Time }
  | { readonly ok: false; readonly late: false; readonly refusal: CommitRefusal };

/**
 * Opens the catalog for writing: our token is durable when it resolves with `ok`, and everything of ours comes after it.
 * Traffic of the present leader is no obstacle; a higher generation, or contents that are too new, are.
 */
export async function openCatalog(options: CatalogOptions): Promise<Opening> {
  const { shard, generation, policies, version = contentVersion } = options;
  let state: OpenState = openStart;
  for (;;) {
    if (state.step === "refused") {
      if (state.refusal.kind === "fenced") emitFence(options, state.refusal.fence);
      return { ok: false, refusal: state.refusal };
    }
    if (state.step === "read") {
      const { contents, upper } = await readContents(shard);
      const view = { upper, tokens: contents.tokens(), contentVersion: contents.contentVersion() };
      state = nextOpen(state, { kind: "read", view }, { generation, version, policies });
    } else if (state.step === "append") {
      const { upper, writes } = state;
      const appended = await shard.compareAndAppend(
        writes[0]!.map(([entry, diff]) => [entry, upper, diff] as const),
        upper,
        upper + 1,
      );
      state = nextOpen(state, { kind: appended.ok ? "written" : "mismatch" }, { generation, version, policies });
    } else {
      return begin(options, state.token, state.previous, state.upper);
    }
  }
}

/** Reads what is durable now that it is ours, and writes what a new catalog begins with. */
async function begin(options: CatalogOptions, token: Token, previous: Token | null, upper: Time): Promise<Opening> {
  options.emit("catalog.opened", { ...token, previous: previous === null ? null : { ...previous } });
  const { contents, upper: readUpper } = await readContents(options.shard);
  const catalog = new Catalog(options, token, contents, Math.max(upper, readUpper));
  const fence = catalog.fence;
  if (fence !== null) return { ok: false, refusal: { kind: "fenced", fence } };
  const { version = contentVersion, replicaSize = defaultSize } = options;
  const changes = initialContents(contents, version, replicaSize);
  while (changes.length > 0) {
    const committed = await catalog.commit(changes, catalog.upper, "initialise", []);
    if (committed.ok) break;
    if (!committed.late) return { ok: false, refusal: committed.refusal };
  }
  return { ok: true, catalog };
}

/** An open catalog. Once fenced it stays so: every call says it again. */
export class Catalog {
  readonly token: Token;
  readonly contents: CatalogContents;
  readonly #options: CatalogOptions;
  readonly #lane = new Lane();
  readonly #confirmation: Shared<CommitRefusal | null>;
  #upper: Time;
  #fence: Fence | null = null;

  constructor(options: CatalogOptions, token: Token, contents: CatalogContents, upper: Time) {
    this.#options = options;
    this.token = token;
    this.contents = contents;
    this.#upper = upper;
    this.#confirmation = new Shared(() => this.#lane.run(() => this.#confirm()));
    this.#meet(contents.tokens());
  }

  /** Read and applied up to here. */
  get upper(): Time {
    return this.#upper;
  }

  /** The fence that was seen, null while none was. */
  get fence(): Fence | null {
    return this.#fence;
  }

  /**
   * Reads up to the upper of now: null when we were the leader at some moment between call and answer. Costs one read of
   * the shard's head, shared by those who ask at the same time.
   */
  confirm(): Promise<CommitRefusal | null> {
    return this.#confirmation.ask();
  }

  /** Makes changes durable at `ts`, all or nothing, and applies them. `statement` and `ids` are for the observation. */
  commit(
    changes: readonly CatalogChange[],
    ts: Time,
    statement: string,
    ids: readonly string[],
  ): Promise<CommitOutcome> {
    return this.#lane.run(async () => {
      const outcome = await this.#write(changes, ts);
      if (outcome.ok) {
        const { upper } = outcome;
        this.#options.emit("catalog.committed", { ...this.token, statement, ids: [...ids], upper });
      }
      return outcome;
    });
  }

  /** Moves the upper beyond `ts`, which proves leadership at a moment after the call. */
  advance(ts: Time): Promise<CommitOutcome> {
    return this.#lane.run(async () => {
      if (this.#upper <= ts) return this.#write([], ts);
      // Nothing needs to be written, so nothing would notice that another token is durable: read.
      const refusal = this.#options.policies.trustsUpper() ? null : await this.#confirm();
      return refusal === null ? { ok: true, upper: this.#upper } : { ok: false, late: false, refusal };
    });
  }

  async #write(changes: readonly CatalogChange[], ts: Time): Promise<CommitOutcome> {
    const { shard, policies } = this.#options;
    let state: CommitState = beginCommit(this.#upper, ts, this.#fence, policies);
    for (;;) {
      switch (state.step) {
        case "append": {
          const updates = changes.map(([entry, diff]) => [entry, ts, diff] as const);
          const appended = await shard.compareAndAppend(updates, state.upper, ts + 1);
          if (appended.ok) {
            this.contents.apply(changes);
            this.#upper = ts + 1;
          }
          const event = appended.ok
            ? ({ kind: "written", fence: this.#fence } as const)
            : ({ kind: "mismatch" } as const);
          state = nextCommit(state, event, policies);
          break;
        }
        case "sync": {
          const hasContent = await this.#sync();
          const event = { kind: "synced", upper: this.#upper, fence: this.#fence, hasContent } as const;
          state = nextCommit(state, event, policies);
          break;
        }
        case "done":
          return { ok: true, upper: state.upper };
        case "late":
          return { ok: false, late: true, upper: state.upper };
        case "refused":
          return { ok: false, late: false, refusal: state.refusal };
      }
    }
  }

  async #confirm(): Promise<CommitRefusal | null> {
    const hasContent = await this.#sync();
    const fence = this.#fence;
    if (fence !== null && !this.#options.policies.mayAppend(fence)) return { kind: "fenced", fence };
    return hasContent ? { kind: "out-of-sync" } : null;
  }

  /** Reads all there is, then judges. Resolves with whether another writer's content, not only a token, was among it. */
  async #sync(): Promise<boolean> {
    const { shard } = this.#options;
    const target = await currentUpper(shard);
    if (target <= this.#upper) return false;
    const read = await readSteps(shard, this.#upper, target);
    if (read === null) {
      // Too long away: what happened in between is gone, what it came to is not.
      const { contents, upper } = await readContents(shard);
      this.#upper = upper;
      this.#meet(contents.tokens());
      return true;
    }
    this.#upper = read.upper;
    const met: Token[] = [];
    let hasContent = false;
    for (const { changes } of read.steps) {
      this.contents.apply(changes);
      for (const [entry, diff] of changes) {
        if (entry.kind !== "token") hasContent = true;
        else if (diff > 0) met.push(entry.value as unknown as Token);
      }
    }
    this.#meet(met);
    return hasContent;
  }

  #meet(tokens: readonly Token[]): void {
    const met = tokens.map((token) => fenceBy(this.token, token)).filter((fence) => fence !== null);
    const fence = this.#options.policies.reportedFence(met);
    if (fence === null || this.#fence !== null) return;
    this.#fence = fence;
    emitFence(this.#options, fence);
  }
}

function emitFence({ emit }: CatalogOptions, { own, seen, by }: Fence): void {
  emit("env.fenced", { own: { ...own }, seen: { ...seen }, by });
}
