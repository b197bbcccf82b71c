/** The decisions of sources and sinks that are worth breaking. */
import type { Frontier, Time } from "../collection.ts";

export interface ScanProgress {
  /** Where the scan of the progress topic stands: beyond control records and aborted data. */
  readonly position: number;
  /** The offset that it must reach. */
  readonly bound: number;
  /** The last fetch came back with nothing. */
  readonly isEmpty: boolean;
}

export interface ConnectorPolicies {
  /** Whether a connector that failed so often in a row tries again. Transient failures never end it. */
  readonly triesAgain: (failures: number) => boolean;
  /** Whether a failure, the so-manieth in a row, shows in the status; also of an attempt that still goes on. */
  readonly showsFailure: (failures: number) => boolean;
  /**
   * Whether a call shows as degraded while its client still tries: so many attempts of it in a row have not got through to
   * a broker, the first one so many µs ago.
   */
  readonly isOutage: (attempts: number, lasted: number) => boolean;
  /** Where a source goes on in each partition, from the bindings that are durable. */
  readonly resumeOffsets: (bindings: ReadonlyMap<number, number>) => ReadonlyMap<number, number>;
  /** Whether a topic found under the source's name is the one that it was made for. */
  readonly isSameTopic: (wanted: string | undefined, found: string) => boolean;
  /** Whether a topic that was there once, and that so many looks in a row did not find, is gone for good. */
  readonly isTopicGone: (misses: number) => boolean;
  /** The offset that a scan for a sink's progress must reach. The last stable offset may hide our own last commit. */
  readonly scanBound: (marks: { readonly highWatermark: number; readonly lastStableOffset: number }) => number;
  /** Whether the scan has seen everything below its bound. Only a position proves it. */
  readonly isScanComplete: (progress: ScanProgress) => boolean;
  /** Whether progress up to `frontier` may be written: not before the first contents, at `asOf`, are in it. */
  readonly mayCommit: (frontier: Frontier, resume: Time, asOf: Time) => boolean;
  /** The transactional id of a sink: the same wherever and whenever it runs, so that successors fence predecessors. */
  readonly transactionalId: (sink: string, process: string) => string;
}

export const connectorPolicies: ConnectorPolicies = {
  triesAgain: () => true,
  showsFailure: () => true,
  // A connection that was lost, or a broker that starts anew, is got over sooner.
  isOutage: (attempts, lasted) => attempts >= 3 && lasted >= 2_000_000,
  resumeOffsets: (bindings) => bindings,
  isSameTopic: (wanted, found) => wanted === undefined || wanted === found,
  // What a broker knows may lag behind a creation; looks are a backoff apart.
  isTopicGone: (misses) => misses >= 4,
  scanBound: ({ highWatermark }) => highWatermark,
  isScanComplete: ({ position, bound }) => position >= bound,
  mayCommit: (frontier, resume, asOf) => frontier === null || (frontier > resume && frontier > asOf),
  transactionalId: (sink) => `sink-${sink}`,
};
