/** Bugs that stores like this one have had. Each makes one decision of `policies.ts` the other way round. */
import { defineBug } from "wavetank";
import type { Policies } from "./policies.ts";
import { Turns } from "./turns.ts";

export const ackEarly = defineBug<Policies>({
  id: "KV-ACK-EARLY",
  title: "The client is answered while the record is still in the page cache.",
  source: "Lost durability: an append is taken for a write that survives.",
  breaks: "KV-1",
  policies: {
    finish: async ({ durable, apply }) => {
      void durable();
      return apply();
    },
  },
});

export const torn = defineBug<Policies>({
  id: "KV-TORN",
  title: "Recovery believes the last line without its checksum.",
  source: "Torn write: half a record looks like one.",
  breaks: "KV-4",
  policies: { isWhole: (line) => line.split("|").length >= 6 },
});

export const retry = defineBug<Policies>({
  id: "KV-RETRY",
  title: "A request that is sent again is performed again.",
  source: "No exactly-once: the answer was lost, not the request.",
  breaks: "KV-2",
  policies: { fateOf: () => "new" },
});

export const forgetful = defineBug<Policies>({
  id: "KV-FORGETFUL",
  title: "The server knows which requests it has performed, until it is restarted.",
  source: "Deduplication kept in memory, beside durable data.",
  breaks: "KV-2",
  policies: { knownSessions: () => new Map() },
});

export const dirty = defineBug<Policies>({
  id: "KV-DIRTY",
  title: "Readers see a change before it is durable.",
  source: "Dirty read: memory is updated before the sync.",
  breaks: "KV-3",
  policies: {
    finish: async ({ durable, apply }) => {
      const reply = apply();
      await durable();
      return reply;
    },
  },
});

export const race = defineBug<Policies>({
  id: "KV-RACE",
  title: "Two attempts of one request both find that it is new.",
  source: "Check, then act, with an await between and no mutex around.",
  breaks: "KV-2",
  policies: { queueFor: () => new Turns() },
});

export const tail = defineBug<Policies>({
  id: "KV-TAIL",
  title: "Recovery serves the last lines of a predecessor, which never reached the disk.",
  source: "Recovery reads the page cache and takes it for the disk.",
  breaks: "KV-1",
  policies: { settleTail: ({ cut }) => cut() },
});

export const twins = defineBug<Policies>({
  id: "KV-TWINS",
  title: "A successor reads the log while its predecessor still writes to it.",
  source: "Split brain: ownership is taken after the state was read.",
  breaks: "KV-1",
  policies: {
    start: async ({ ownPort, recover }) => {
      await recover();
      await ownPort();
    },
  },
});

export const wake = defineBug<Policies>({
  id: "KV-WAKE",
  title: "A request that is answered from memory keeps its turn, and all others wait for ever.",
  source: "Lost wake-up: an early return goes past the unlock.",
  breaks: "stuck",
  policies: {
    passTurn: (turns, fate) => {
      if (fate === "new") turns.pass();
    },
  },
});

export const clock = defineBug<Policies>({
  id: "KV-CLOCK",
  title: "Recovery puts the log in order of the time stamps, and the clock had gone back.",
  source: "Last write wins by wall clock.",
  breaks: "KV-1",
  policies: { replayOrder: (records) => records.toSorted((a, b) => a.at - b.at) },
});

export const bugs = [ackEarly, torn, retry, forgetful, dirty, race, tail, twins, wake, clock];
