/**
 * What replicas and clients tell, for the rules. Entries go by name: `term/request`. A `replica` is a process, `r1#2`;
 * of what is on a disk it is the host.
 */
export interface Seen {
  readonly "leader.elected": { readonly replica: string; readonly term: number };
  readonly "lease.held": { readonly replica: string; readonly term: number };
  readonly "log.recovered": { readonly replica: string; readonly entries: readonly string[] };
  /** The log on the disk holds its first `keep` entries and these behind them. */
  readonly "log.stored": { readonly replica: string; readonly keep: number; readonly entries: readonly string[] };
  /** `position` is that in the list, 0 for what is no value; `isFirst` unless it was there already. */
  readonly "entry.applied": {
    readonly replica: string;
    readonly index: number;
    readonly entry: string;
    readonly value: number;
    readonly position: number;
    readonly isFirst: boolean;
  };
  readonly "append.started": { readonly value: number };
  readonly "append.acked": { readonly value: number; readonly position: number };
  readonly "append.unknown": { readonly value: number };
  readonly "read.started": { readonly read: string };
  readonly "read.returned": { readonly read: string; readonly values: readonly number[] };
}
