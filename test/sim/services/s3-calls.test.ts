/**
 * Every call of the object store's port fails at three moments: in the middle of its request, in the middle of its answer
 * and between the two; or it is answered with an error, before or after its effect. What the client is told, and what is
 * stored afterwards.
 */
import { describe, expect, it } from "vitest";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import type { AnswerLoss, ObjectStoreControls } from "../../../src/ports/service-controls.ts";
import { md5 } from "../../../src/sim/s3/md5.ts";
import { defaultBucket } from "../../../src/sim/s3/object-store-server.ts";
import { failureOf } from "../../contract/s3/case.ts";
import { withStore } from "../s3/stage.ts";
import { operationsOf } from "./port-operations.ts";

type Bodies = Readonly<Record<string, string>>;

interface Row {
  /** Of the port `ObjectStore`. */
  readonly operation: keyof ObjectStore;
  readonly title: string;
  readonly call: (store: ObjectStore) => Promise<unknown>;
  /** What is stored once the call had its effect; there are a and b at first. */
  readonly stored: Bodies;
  /** Its answer is more than a head, so that it can break off in its body. */
  readonly hasBody?: true;
}

const first: Bodies = { a: "old", b: "other" };
const etag = `"${md5("old")}"`;

const rows: readonly Row[] = [
  { operation: "get", title: "a get", call: (store) => store.get("a"), stored: first, hasBody: true },
  { operation: "get", title: "a get of nothing", call: (store) => store.get("z"), stored: first },
  {
    operation: "put",
    title: "a put of a new key",
    call: (store) => store.put("c", "new"),
    stored: { ...first, c: "new" },
  },
  {
    operation: "put",
    title: "a put over a value",
    call: (store) => store.put("a", "new"),
    stored: { ...first, a: "new" },
  },
  {
    operation: "put",
    title: "a put where nothing may be",
    call: (store) => store.put("c", "new", { ifNoneMatch: "*" }),
    stored: { ...first, c: "new" },
  },
  {
    operation: "put",
    title: "a put where something is and nothing may be",
    call: (store) => store.put("a", "new", { ifNoneMatch: "*" }),
    stored: first,
  },
  {
    operation: "put",
    title: "a put over the value that was expected",
    call: (store) => store.put("a", "new", { ifMatch: etag }),
    stored: { ...first, a: "new" },
  },
  {
    operation: "put",
    title: "a put over another value than was expected",
    call: (store) => store.put("b", "new", { ifMatch: etag }),
    stored: first,
  },
  { operation: "list", title: "a list", call: (store) => store.list(""), stored: first, hasBody: true },
  {
    operation: "list",
    title: "a list of a page",
    call: (store) => store.list("", { max: 1 }),
    stored: first,
    hasBody: true,
  },
  { operation: "delete", title: "a delete", call: (store) => store.delete("a"), stored: { b: "other" } },
  { operation: "delete", title: "a delete of nothing", call: (store) => store.delete("z"), stored: first },
];

const isRead = ({ operation }: Row): boolean => operation === "get" || operation === "list";

/** Makes the call once under a fault. `isAfter`: an error that is drawn strikes after the effect. */
async function play({ call }: Row, turn: (controls: ObjectStoreControls) => () => void, isAfter = false) {
  let result = {};
  const seen = await withStore(
    async ({ store, controls, server }) => {
      for (const [key, body] of Object.entries(first)) await store.put(key, body);
      const heal = turn(controls);
      const told = await failureOf(call(store));
      heal();
      const { values } = server.buckets.get(defaultBucket)!;
      const stored = Object.fromEntries([...values].map(([key, { body }]) => [key, body]));
      const isServed = (await store.get("b"))?.body === "other";
      result = { told, stored, isServed };
    },
    (key) => (isAfter && key.endsWith("/when") ? 1 : 0),
  );
  const isWitness = (kind: string): boolean => kind === "s3.answer-lost" || kind === "s3.failed";
  return { ...result, witnesses: seen.filter(({ kind }) => isWitness(kind)).map(({ data }) => data) };
}

const moments: readonly AnswerLoss[] = ["before", "middle", "after"];

const errors = [
  { code: "InternalError", httpStatus: 500, isAfter: false },
  { code: "InternalError", httpStatus: 500, isAfter: true },
  { code: "ServiceUnavailable", httpStatus: 503, isAfter: false },
  { code: "ServiceUnavailable", httpStatus: 503, isAfter: true },
  { code: "SlowDown", httpStatus: 503, isAfter: false },
] as const;

describe("calls of the object store that fail", () => {
  it("are all that the port has", () => {
    const operations = [...new Set(rows.map(({ operation }) => operation))];
    expect(operations).toEqual(operationsOf("object-store.ts", "ObjectStore"));
  });

  it.each(rows.flatMap((row) => moments.map((when) => ({ ...row, when }))))("$when: $title", async (row) => {
    const { when, stored, hasBody } = row;
    const isCut = when === "middle" && hasBody === true;
    expect(await play(row, (controls) => controls.loseAnswers(1, when))).toEqual({
      told: {
        code: "ECONNRESET",
        httpStatus: isCut ? 200 : 0,
        phase: isCut ? "body" : "request",
        isDefinite: isRead(row),
      },
      stored: when === "before" ? first : stored,
      isServed: true,
      witnesses: [{ op: row.operation, when }],
    });
  });

  it.each(rows.flatMap((row) => errors.map((error) => ({ ...row, ...error }))))(
    "$code, after the effect $isAfter: $title",
    async (row) => {
      const { code, httpStatus, isAfter, stored } = row;
      expect(await play(row, (controls) => controls.fail(code, 1), isAfter)).toEqual({
        told: { code, httpStatus, phase: "request", isDefinite: isRead(row) || code === "SlowDown" },
        stored: isAfter ? stored : first,
        isServed: true,
        witnesses: [{ op: row.operation, code }],
      });
    },
  );
});
