/**
 * What the simulated S3 holds: per bucket an atomic map of keys, strongly consistent, whatever becomes of the processes
 * that serve it. Multipart uploads, versions, ranges, delimiters and credentials are left out.
 */
import { hashText } from "../../base/hash.ts";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import { compareKeys } from "./key-order.ts";
import { md5 } from "./md5.ts";
import { statusOf, type ObjectOperation, type ObjectReply, type ObjectRequest } from "./messages.ts";

/** A fault that hits one request in `oneIn`. */
export type RequestFault =
  | { readonly kind: "fail"; readonly code: string; readonly oneIn: number }
  /** `when`: where the connection breaks; undefined behind the effect, as the choice falls. */
  | { readonly kind: "lose-answer"; readonly when: AnswerLoss | undefined; readonly oneIn: number };

export interface ObjectStoreServer {
  readonly buckets: ReadonlyMap<string, Bucket>;
  /** Active faults, oldest first. */
  readonly faults: Set<RequestFault>;
  /** Requests that each host made while faults were active: what choices are keyed by. */
  readonly exposed: Map<string, number>;
  /** A keyed choice in [0, n). */
  readonly choose: (key: string, n: number) => number;
  /** The body under a key of the first bucket, for oracles outside of the run's processes. */
  peek(key: string): string | undefined;
}

interface StoredValue {
  readonly body: string;
  readonly etag: string;
}

export interface Bucket {
  readonly values: Map<string, StoredValue>;
  /** Keys in the order of lists; null when it has to be made again. */
  order: readonly string[] | null;
}

/** The bucket that clients use unless told otherwise. */
export const defaultBucket = "wavetank";

/** An empty store. `choose` is asked only while a fault is active. */
export function objectStoreServer({
  choose,
  buckets = [defaultBucket],
}: {
  readonly choose: (key: string, n: number) => number;
  readonly buckets?: readonly string[];
}): ObjectStoreServer {
  const made = new Map<string, Bucket>(buckets.map((name) => [name, { values: new Map(), order: null }]));
  return {
    buckets: made,
    faults: new Set(),
    exposed: new Map(),
    choose,
    peek: (key) => made.get(buckets[0]!)?.values.get(key)?.body,
  };
}

/** What one request does, at once and whole. */
export function perform(server: ObjectStoreServer, request: ObjectRequest): ObjectReply {
  const bucket = server.buckets.get(request.bucket);
  if (bucket === undefined) return refusal("NoSuchBucket");
  switch (request.op) {
    case "get": {
      const value = bucket.values.get(request.key);
      return value === undefined ? refusal("NoSuchKey") : { ok: true, ...value };
    }
    case "put":
      return put(bucket, request);
    case "list":
      return list(bucket, request);
    case "delete":
      if (bucket.values.delete(request.key)) bucket.order = null;
      return { ok: true };
  }
}

/** An answer that says no. */
export function refusal(code: string): ObjectReply {
  return { ok: false, code, httpStatus: statusOf[code] ?? 500 };
}

/** The fault that this request meets, and whether it strikes before the request takes effect. */
export function faultOf(
  server: ObjectStoreServer,
  host: string,
  op: ObjectOperation,
): { readonly fault: RequestFault; readonly isBefore: boolean } | undefined {
  if (server.faults.size === 0) return undefined;
  const count = (server.exposed.get(host) ?? 0) + 1;
  server.exposed.set(host, count);
  for (const fault of server.faults) {
    const which = fault.kind === "fail" ? fault.code : (fault.when ?? "");
    const key = `s3/${fault.kind}/${which}/${host}/${op}/${count}`;
    if (server.choose(key, fault.oneIn) !== 0) continue;
    if (fault.kind === "lose-answer") return { fault, isBefore: fault.when === "before" };
    // Throttling turns requests away at the door; other errors come from anywhere.
    return { fault, isBefore: fault.code === "SlowDown" || server.choose(`${key}/when`, 2) === 0 };
  }
  return undefined;
}

function put(bucket: Bucket, { key, body, ifNoneMatch, ifMatch }: ObjectRequest & { readonly op: "put" }): ObjectReply {
  const present = bucket.values.get(key);
  if (ifNoneMatch !== undefined && present !== undefined) return refusal("PreconditionFailed");
  if (ifMatch !== undefined) {
    if (present === undefined) return refusal("NoSuchKey");
    if (present.etag !== ifMatch) return refusal("PreconditionFailed");
  }
  if (present === undefined) bucket.order = null;
  const etag = `"${md5(body)}"`;
  bucket.values.set(key, { body, etag });
  return { ok: true, etag };
}

/** Keys on a page: the default and the most. */
const pageMax = 1_000;

function list(bucket: Bucket, { prefix, max, after, next }: ObjectRequest & { readonly op: "list" }): ObjectReply {
  const size = max ?? pageMax;
  if (!Number.isSafeInteger(size) || size < 0) return refusal("InvalidArgument");
  const token = next === undefined ? undefined : readToken(next);
  if (next !== undefined && token === undefined) return refusal("InvalidArgument");
  const start = token ?? after;
  bucket.order ??= [...bucket.values.keys()].toSorted(compareKeys);
  const from = start === undefined ? 0 : firstAfter(bucket.order, start);
  const found: string[] = [];
  const wanted = Math.min(size, pageMax);
  for (let at = from; at < bucket.order.length && wanted > 0; at++) {
    const key = bucket.order[at]!;
    if (!key.startsWith(prefix)) continue;
    if (found.length === wanted) return { ok: true, keys: found, next: writeToken(found.at(-1)!) };
    found.push(key);
  }
  return { ok: true, keys: found };
}

function firstAfter(order: readonly string[], start: string): number {
  let low = 0;
  let high = order.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(order[middle]!, start) > 0) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A token names the last key of its page; the check digits tell it from a text that somebody made up. */
function writeToken(key: string): string {
  return `${(hashText(key) >>> 0).toString(36)}.${key}`;
}

function readToken(token: string): string | undefined {
  const key = token.slice(token.indexOf(".") + 1);
  return writeToken(key) === token ? key : undefined;
}
