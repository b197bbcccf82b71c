/**
 * What an S3 does, as cases over the port: the same for the simulator and for any real one. Numbers are the statements
 * that a case holds (S3 1 to S3 26). A case leaves its keys behind; each uses a prefix of its own.
 */
import { createHash } from "node:crypto";
import { expect } from "vitest";
import type { ObjectStore, ObjectStoreFailure } from "../../src/ports/object-store.ts";

export interface ObjectStoreBackend {
  readonly store: ObjectStore;
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

const refused = (code: string, httpStatus: number) => ({ code, httpStatus, phase: "request", isDefinite: true });

/** Every key below a prefix, page by page. */
async function keysOf(store: ObjectStore, prefix: string, max?: number): Promise<string[]> {
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

export const objectStoreCases: readonly ObjectStoreCase[] = [
  {
    statements: "S3 1, S3 17",
    title: "reads, lists and deletes see what was written before them",
    async check({ store }) {
      expect(await store.get("one/a")).toBeUndefined();
      await store.put("one/a", "first");
      expect((await store.get("one/a"))?.body).toBe("first");
      await store.put("one/a", "second, ünd länger");
      expect((await store.get("one/a"))?.body).toBe("second, ünd länger");
      expect(await keysOf(store, "one/")).toEqual(["one/a"]);
      await store.delete("one/a");
      expect(await store.get("one/a")).toBeUndefined();
      expect(await keysOf(store, "one/")).toEqual([]);
    },
  },
  {
    statements: "S3 2",
    title: "lists ascend by the bytes of UTF-8",
    async check({ store }) {
      for (const key of ["z", "é", "a", "Z", "d/1", "\u{ffee}", "\u{1f600}", "d", "d/"])
        await store.put(`two/${key}`, "");
      const keys = (await keysOf(store, "two/")).map((key) => key.slice(4));
      expect(keys).toEqual(["Z", "a", "d", "d/", "d/1", "z", "é", "\u{ffee}", "\u{1f600}"]);
      expect(keys).toEqual(keys.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    },
  },
  {
    statements: "S3 3",
    title: "pages hold as many keys as asked for, and the last one names no next",
    async check({ store }) {
      for (let number = 0; number < 5; number++) await store.put(`three/${number}`, "");
      const first = await store.list("three/", { max: 2 });
      expect(first.keys).toEqual(["three/0", "three/1"]);
      expect(first.next).toBeTypeOf("string");
      const second = await store.list("three/", { max: 2, next: first.next! });
      expect(second.keys).toEqual(["three/2", "three/3"]);
      expect(await store.list("three/", { max: 2, next: second.next! })).toEqual({
        keys: ["three/4"],
        next: undefined,
      });
      expect((await store.list("three/", { max: 5 })).next).toBeUndefined();
    },
  },
  {
    statements: "S3 3",
    title: "a page holds at most 1,000 keys, which is the default",
    async check({ store }) {
      const keys = Array.from({ length: 1_001 }, (_, number) => `thousand/${String(number).padStart(4, "0")}`);
      await Promise.all(keys.map((key) => store.put(key, "")));
      expect((await store.list("thousand/")).keys).toEqual(keys.slice(0, 1_000));
      expect((await store.list("thousand/", { max: 5_000 })).keys).toHaveLength(1_000);
      expect(await keysOf(store, "thousand/")).toEqual(keys);
    },
  },
  {
    statements: "S3 4",
    title: "what is untouched between two pages appears exactly once",
    async check({ store }) {
      for (const key of ["b", "d", "f"]) await store.put(`four/${key}`, "");
      const first = await store.list("four/", { max: 2 });
      await store.put("four/a", "");
      await store.put("four/e", "");
      await store.delete("four/d");
      const second = await store.list("four/", { max: 2, next: first.next! });
      const seen = [...first.keys, ...second.keys];
      expect(seen.filter((key) => key === "four/b" || key === "four/f")).toEqual(["four/b", "four/f"]);
    },
  },
  {
    statements: "S3 5",
    title: "`after` is exclusive and need not exist",
    async check({ store }) {
      for (const key of ["a", "b", "c"]) await store.put(`five/${key}`, "");
      expect((await store.list("five/", { after: "five/a" })).keys).toEqual(["five/b", "five/c"]);
      expect((await store.list("five/", { after: "five/aa" })).keys).toEqual(["five/b", "five/c"]);
      expect((await store.list("five/", { after: "five/c" })).keys).toEqual([]);
    },
  },
  {
    statements: "S3 6",
    title: "a made-up token is refused",
    async check({ store }) {
      expect(await failureOf(store.list("six/", { next: "six/a" }))).toEqual(refused("InvalidArgument", 400));
    },
  },
  {
    statements: "S3 7",
    title: "a key that is missing is no failure of a get",
    async check({ store }) {
      expect(await store.get("seven/nothing")).toBeUndefined();
    },
  },
  {
    statements: "S3 8",
    title: "a bucket that is missing fails every request, for certain",
    async check({ withoutBucket: store }) {
      const missing = refused("NoSuchBucket", 404);
      expect(await failureOf(store.get("a"))).toEqual(missing);
      expect(await failureOf(store.list(""))).toEqual(missing);
      expect(await failureOf(store.put("a", ""))).toEqual(missing);
      expect(await failureOf(store.delete("a"))).toEqual(missing);
    },
  },
  {
    statements: "S3 11",
    title: "a put with If-None-Match succeeds only where nothing is",
    async check({ store }) {
      await store.put("eleven/a", "mine", { ifNoneMatch: "*" });
      expect(await failureOf(store.put("eleven/a", "yours", { ifNoneMatch: "*" }))).toEqual(
        refused("PreconditionFailed", 412),
      );
      expect((await store.get("eleven/a"))?.body).toBe("mine");
      await store.delete("eleven/a");
      await store.put("eleven/a", "again", { ifNoneMatch: "*" });
    },
  },
  {
    statements: "S3 12",
    title: "a put with If-Match needs the ETag in force",
    async check({ store }) {
      expect(await failureOf(store.put("twelve/a", "x", { ifMatch: '"0"' }))).toEqual(refused("NoSuchKey", 404));
      const { etag } = await store.put("twelve/a", "first");
      const second = await store.put("twelve/a", "second", { ifMatch: etag });
      expect(await failureOf(store.put("twelve/a", "third", { ifMatch: etag }))).toEqual(
        refused("PreconditionFailed", 412),
      );
      expect(await store.get("twelve/a")).toEqual({ body: "second", etag: second.etag });
    },
  },
  {
    statements: "S3 13",
    title: "of concurrent conditional puts exactly one wins",
    async check({ store }) {
      const writers = ["a", "b", "c", "d"];
      const ends = await Promise.all(
        writers.map((body) => failureOf(store.put("thirteen/a", body, { ifNoneMatch: "*" }))),
      );
      expect(ends.filter((end) => end === "no")).toHaveLength(1);
      for (const end of ends) if (end !== "no") expect([409, 412]).toContain(end.httpStatus);
      expect((await store.get("thirteen/a"))?.body).toBe(writers[ends.indexOf("no")]);
    },
  },
  {
    statements: "S3 15",
    title: "deleting what does not exist succeeds",
    async check({ store }) {
      await store.delete("fifteen/nothing");
      expect(await store.get("fifteen/nothing")).toBeUndefined();
    },
  },
  {
    statements: "S3 16",
    title: "an ETag is the quoted MD5 of the bytes",
    async check({ store }) {
      for (const body of ["", "a", "grüße \u{1f600}", "x".repeat(1_000)]) {
        const { etag } = await store.put("sixteen/a", body);
        expect(etag).toBe(`"${createHash("md5").update(body).digest("hex")}"`);
        expect((await store.get("sixteen/a"))?.etag).toBe(etag);
      }
    },
  },
];
