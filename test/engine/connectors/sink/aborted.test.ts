/** Which failures in a transaction make a sink abort it. */
import { expect, it } from "vitest";
import { callsOf } from "./fake-sink.ts";

/** Calls of a sink that may commit at once, behind its start, where one of them fails. */
async function callsFailing(name: string, failure: string): Promise<readonly string[]> {
  const calls = await callsOf({
    hasTopic: true,
    policies: { mayCommit: () => true },
    during: (call) => {
      if (call === name) throw Object.assign(new Error(failure), { code: "REQUEST_TIMED_OUT", failure });
    },
  });
  return calls.slice(calls.indexOf("send"));
}

it("records that may or may not be there are aborted", async () => {
  expect(await callsFailing("send", "ambiguous")).toEqual(["send", "abort"]);
});

it("records that are not there are aborted, with those before them", async () => {
  expect(await callsFailing("send", "transient")).toEqual(["send", "abort"]);
});

it("a commit that did not happen is aborted", async () => {
  expect(await callsFailing("commit", "transient")).toEqual(["send", "commit", "abort"]);
});

it("a commit that may have happened is not: only the progress topic knows", async () => {
  expect(await callsFailing("commit", "ambiguous")).toEqual(["send", "commit"]);
});

it("a producer that was fenced aborts nothing", async () => {
  expect(await callsFailing("send", "fenced")).toEqual(["send"]);
});
