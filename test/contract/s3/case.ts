/** What a case of the S3 contract is given, and how it says what became of things. */
import { createHash } from "node:crypto";
import type { ObjectStore, ObjectStoreFailure } from "../../../src/ports/object-store.ts";

export interface ObjectStoreBackend {
  readonly store: ObjectStore;
  /** Another client of the same bucket, on another host. */
  readonly other: ObjectStore;
  /** A client of a bucket that does not exist. */
  readonly withoutBucket: ObjectStore;
}

export interface ObjectStoreCase {
  readonly statements: string;
  readonly title: string;
  readonly check: (backend: ObjectStoreBackend) => Promise<void>;
}

/** What a rejection says, without its message. */
export async function failureOf(promise: Promise<unknown>): Promise<Omit<ObjectStoreFailure, keyof Error> | "no"> {
  try {
    await promise;
    return "no";
  } catch (error) {
    const { code, httpStatus, phase, isDefinite } = error as ObjectStoreFailure;
    return { code, httpStatus, phase, isDefinite };
  }
}

/** The ETag of a body that was put whole. */
export const etagOf = (body: string) => `"${createHash("md5").update(body).digest("hex")}"`;

/** How a request that was turned away for certain fails. */
export const refused = (code: string, httpStatus: number) => ({ code, httpStatus, phase: "request", isDefinite: true });

/** Every key below a prefix, page by page. */
export async function keysOf(store: ObjectStore, prefix: string, max?: number): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const options = { ...(max === undefined ? {} : { max }), ...(next === undefined ? {} : { next }) };
    const page = await store.list(prefix, options);
    found.push(...page.keys);
    next = page.next;
  } while (next !== undefined);
  return found;
}
