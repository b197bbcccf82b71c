/** A sink that is stopped while it starts: what it does not do any more. */
import { expect, it } from "vitest";
import { callsOf } from "./fake-sink.ts";

const callsUntil = (stopAt: string): Promise<readonly string[]> =>
  callsOf({ during: (call, running) => (call === stopAt ? running.stop() : undefined) });

it("fences nobody once its shard is taken over", async () => {
  expect(await callsUntil("acquire")).toEqual(["acquire"]);
});

it("looks for no progress once it has fenced its predecessors", async () => {
  expect(await callsUntil("init")).toEqual(["acquire", "init"]);
});

it("makes no topic for its contents once it has looked for its progress", async () => {
  const calls = await callsUntil("watermarks");
  expect(calls.slice(0, 2)).toEqual(["acquire", "init"]);
  expect(calls).toContain("watermarks");
  expect(calls).not.toContain("create out");
});
