/** S3 as the engine uses it: whole values under keys, in one bucket. Rejections are `ObjectStoreFailure`s. */

export interface ObjectStoreFailure extends Error {
  /** S3's code (`NoSuchKey`, `NoSuchBucket`, `PreconditionFailed`, `SlowDown`, `InternalError`, `ServiceUnavailable` …) or the network's. */
  readonly code: string;
  /** 0 when there was no answer. */
  readonly httpStatus: number;
  /** `body`: the answer began and broke off. */
  readonly phase: "request" | "body";
  /** The request certainly had no effect. */
  readonly isDefinite: boolean;
}

export interface StoredObject {
  readonly body: string;
  readonly etag: string;
}

export interface ObjectPage {
  /** Ascending by UTF-8 bytes. */
  readonly keys: readonly string[];
  /** Opaque; undefined on the last page. Pages are separate reads. */
  readonly next: string | undefined;
}

export interface ObjectStore {
  /** Undefined when there is no such key. */
  get(key: string): Promise<StoredObject | undefined>;
  /**
   * Replaces the whole value, atomically. With `ifNoneMatch: "*"` only when the key does not exist, with `ifMatch` only
   * when its ETag is that one, else `PreconditionFailed`; after an ambiguous attempt that may be our own write.
   */
  put(
    key: string,
    body: string,
    condition?: { readonly ifNoneMatch?: "*"; readonly ifMatch?: string },
  ): Promise<{ readonly etag: string }>;
  list(
    prefix: string,
    options?: { readonly max?: number; readonly after?: string; readonly next?: string },
  ): Promise<ObjectPage>;
  /** Deleting what does not exist succeeds. */
  delete(key: string): Promise<void>;
}
