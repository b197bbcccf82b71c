/** The S3 contract: conditional puts. */
import { expect } from "vitest";
import { failureOf, refused, type ObjectStoreCase } from "./case.ts";

export const conditions: readonly ObjectStoreCase[] = [
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
      await store.delete("twelve/a");
      expect(await failureOf(store.put("twelve/a", "x", { ifMatch: second.etag }))).toEqual(refused("NoSuchKey", 404));
      expect(await store.get("twelve/a")).toBeUndefined();
    },
  },
  {
    statements: "S3 13",
    title: "of concurrent puts over one ETag exactly one wins",
    async check({ store, other }) {
      const { etag } = await store.put("match/a", "old");
      const writers = ["a", "b", "c", "d"];
      const ends = await Promise.all(
        writers.map((body, place) =>
          failureOf((place % 2 === 0 ? store : other).put("match/a", body, { ifMatch: etag })),
        ),
      );
      expect(ends.filter((end) => end === "no")).toHaveLength(1);
      for (const end of ends) if (end !== "no") expect([409, 412]).toContain(end.httpStatus);
      expect((await store.get("match/a"))?.body).toBe(writers[ends.indexOf("no")]);
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
    statements: "S3 26",
    title: "a conditional put that is made again is refused, even if the first one was our own and the same",
    async check({ store }) {
      const { etag } = await store.put("again/a", "mine", { ifNoneMatch: "*" });
      const no = refused("PreconditionFailed", 412);
      expect(await failureOf(store.put("again/a", "mine", { ifNoneMatch: "*" }))).toEqual(no);
      await store.put("again/a", "next", { ifMatch: etag });
      expect(await failureOf(store.put("again/a", "next", { ifMatch: etag }))).toEqual(no);
      expect((await store.get("again/a"))?.body).toBe("next");
    },
  },
];
