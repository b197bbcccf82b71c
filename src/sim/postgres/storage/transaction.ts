/** A transaction: what it holds, what it will do when it commits, and who waits for its end. */
import type { Row, Table } from "./table.ts";

export type Isolation = "read committed" | "repeatable read" | "serializable";

export interface Notification {
  readonly channel: string;
  readonly payload: string;
}

/** What a serializable transaction has read of one table: certain keys, or everything. */
export type Reads = Set<string> | "all";

export class Transaction {
  /** Both may change until it has looked at anything. */
  isolation: Isolation;
  isReadOnly: boolean;
  hasLooked = false;
  /** Number of the last commit that it sees; null when every statement sees the newest one. */
  snapshot: number | null = null;
  /** Rows that it has locked or changed, in that order. */
  readonly locked: Row[] = [];
  /** Tables as it alone sees them until it commits; null for one that it drops. */
  readonly tables = new Map<string, Table | null>();
  readonly used = new Set<Table>();
  readonly notifications: Notification[] = [];
  /** Subscriptions that change with its commit; a null channel means all. */
  readonly subscriptions: { readonly channel: string | null; readonly isWanted: boolean }[] = [];
  readonly reads = new Map<Table, Reads>();
  /** Called in order when it has ended, each once. */
  readonly waiters: (() => void)[] = [];
  waitsFor: Transaction | null = null;
  isOver = false;

  constructor(isolation: Isolation, isReadOnly: boolean) {
    this.isolation = isolation;
    this.isReadOnly = isReadOnly;
  }

  /** Whether waiting for the other one would never end. */
  wouldDeadlock(blocker: Transaction): boolean {
    for (let other: Transaction | null = blocker; other !== null; other = other.waitsFor) {
      if (other === this) return true;
    }
    return false;
  }

  /** NOTIFY: equal ones of one transaction are one. */
  notify(channel: string, payload: string): void {
    const isKnown = this.notifications.some((other) => other.channel === channel && other.payload === payload);
    if (!isKnown) this.notifications.push({ channel, payload });
  }
}
