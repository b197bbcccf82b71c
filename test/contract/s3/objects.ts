/** The S3 contract: objects, one by one. */
import { expect } from "vitest";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import { etagOf, failureOf, keysOf, refused, type ObjectStoreCase } from "./case.ts";

export const objects: readonly ObjectStoreCase[] = [
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
    statements: "S3 1",
    title: "what one client was told of its write, another one sees at once",
    async check({ store, other }) {
      for (const body of ["first", "second"]) {
        const { etag } = await store.put("seen/a", body);
        expect(await other.get("seen/a")).toEqual({ body, etag });
      }
      expect(await keysOf(other, "seen/")).toEqual(["seen/a"]);
      await other.delete("seen/a");
      expect(await store.get("seen/a")).toBeUndefined();
      expect(await keysOf(store, "seen/")).toEqual([]);
    },
  },
  {
    statements: "S3 17",
    title: "of puts at once every reader sees one whole, and the last to be done stays",
    async check({ store, other }) {
      const bodies = ["a", "b", "c"].map((letter) => letter.repeat(5_000));
      await store.put("seventeen/a", bodies[0]!);
      const write = async (client: ObjectStore, body: string): Promise<void> => {
        for (let count = 0; count < 5; count++) await client.put("seventeen/a", body);
      };
      const read = async (): Promise<void> => {
        for (let count = 0; count < 10; count++) {
          const found = await other.get("seventeen/a");
          expect(bodies).toContain(found?.body);
          expect(found?.etag).toBe(etagOf(found!.body));
        }
      };
      await Promise.all([write(store, bodies[1]!), write(other, bodies[2]!), read()]);
      const last = await store.get("seventeen/a");
      expect([bodies[1], bodies[2]]).toContain(last?.body);
      await other.put("seventeen/a", "last");
      expect((await store.get("seventeen/a"))?.body).toBe("last");
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
        expect(etag).toBe(etagOf(body));
        expect((await store.get("sixteen/a"))?.etag).toBe(etag);
      }
    },
  },
  {
    statements: "S3 28",
    title: "a key that was listed may be gone when it is read",
    async check({ store, other }) {
      await store.put("gone/a", "x");
      const [key] = (await store.list("gone/")).keys;
      await other.delete(key!);
      expect(await store.get(key!)).toBeUndefined();
    },
  },
];
