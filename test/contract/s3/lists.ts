/** The S3 contract: lists, their order and their pages. */
import { expect } from "vitest";
import { failureOf, keysOf, refused, type ObjectStoreCase } from "./case.ts";

export const lists: readonly ObjectStoreCase[] = [
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
      expect((await store.list("five/", { after: "fiv" })).keys).toHaveLength(3);
      expect((await store.list("five/", { after: "five/a", max: 1 })).keys).toEqual(["five/b"]);
    },
  },
  {
    statements: "S3 2, S3 5",
    title: "`after` and pages go by the bytes of UTF-8 too",
    async check({ store }) {
      const keys = ["z", "é", "\u{ffee}", "\u{1f600}"].map((key) => `bytes/${key}`);
      for (const key of keys.toReversed()) await store.put(key, "");
      for (const [place, key] of keys.entries()) {
        expect((await store.list("bytes/", { after: key })).keys).toEqual(keys.slice(place + 1));
      }
      expect(await keysOf(store, "bytes/", 1)).toEqual(keys);
    },
  },
  {
    statements: "S3 5",
    title: "a prefix is a beginning, not a folder",
    async check({ store }) {
      for (const key of ["a", "a/1", "ab", "b"]) await store.put(`prefix/${key}`, "");
      expect(await keysOf(store, "prefix/a")).toEqual(["prefix/a", "prefix/a/1", "prefix/ab"]);
      expect(await keysOf(store, "prefix/a/")).toEqual(["prefix/a/1"]);
      expect(await keysOf(store, "prefix/c")).toEqual([]);
      expect((await keysOf(store, "")).filter((key) => key.startsWith("prefix/"))).toHaveLength(4);
    },
  },
  {
    statements: "S3 6",
    title: "a made-up token is refused",
    async check({ store }) {
      expect(await failureOf(store.list("six/", { next: "six/a" }))).toEqual(refused("InvalidArgument", 400));
    },
  },
];
