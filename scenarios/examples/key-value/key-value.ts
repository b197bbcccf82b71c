/**
 * A key-value server of one's own in the tank: it logs every change, syncs, and only then answers; clients send again
 * what was not answered. Read on in `server.ts`, `store.ts` and `policies.ts`; what must hold is in `rules.ts`, and how it
 * would break in `bugs.ts`.
 */
import { defineScenario, fc } from "wavetank";
import * as faults from "wavetank/faults";
import { brownout } from "./brownout.ts";
import { bugs } from "./bugs.ts";
import { Client } from "./client.ts";
import { policies } from "./policies.ts";
import { acknowledgedPut, countedOnce, putBySomebody, readStays } from "./rules.ts";
import { serve } from "./server.ts";

const clients = ["client-1", "client-2", "client-3", "client-4"];
const registers = ["a", "b", "c", "d", "e"];
const counter = "total";
const keys = [...registers, counter];

const client = fc.nat(clients.length - 1);
const server = { on: ["server"], max: 2 };
const requests = { params: { a: fc.constantFrom(...clients), b: fc.constant("server") }, max: 2 };
const replies = { params: { a: fc.constant("server"), b: fc.constantFrom(...clients) }, max: 2 };

export default defineScenario({
  name: "key-value",
  doc: "A key-value server keeps what it has acknowledged, whatever its machine and the network do.",
  duration: "4s",
  knobs: { patienceMs: fc.constantFrom(0, 1_000) },
  sessions: 16,
  opsCount: { min: 4, max: 100 },
  ops: {
    put: fc.record({ client, key: fc.constantFrom(...registers) }),
    add: fc.record({ client, amount: fc.integer({ min: 1, max: 9 }) }),
    read: fc.record({ client }),
    resend: fc.record({ client, back: fc.nat(2) }),
  },
  faultsCount: { min: 0, max: 24 },
  faults: [
    faults.crash({ ...server, max: 4 }),
    faults.powerLoss({ ...server, max: 4 }),
    brownout({ max: 8 }),
    faults.pause({ ...server, max: 4 }),
    faults.slowDeath(server),
    faults.gracefulStop(server),
    faults.slowCpu(server),
    faults.partition({ max: 2 }),
    faults.oneWayPartition(replies),
    faults.latency({ ...requests, max: 4 }),
    faults.connectionLoss(requests),
    faults.clog(requests),
    faults.reset(requests),
    faults.halfOpen(requests),
    faults.phantomAccept(server),
    faults.refuse(server),
    faults.addressInUse(server),
    faults.clockOffset(server),
    faults.clockDrift(server),
    faults.clockFreeze(server),
    faults.slowDisk(server),
    faults.fullDisk(server),
    faults.diskErrors(server),
  ],
  invariants: [acknowledgedPut, countedOnce, readStays, putBySomebody],
  sometimes: {
    "put.unknown": "a client gave up on a put without knowing what became of it",
    "put.failed": "a put had certainly failed",
    "request.repeated": "a request that was sent again was answered from memory",
    "request.stale": "a request arrived after its session had moved on",
    "tail.cut": "recovery cut off a torn line",
    "port.awaited": "a successor waited for its predecessor's port",
    "disk.no-room": "a change was refused by a full disk",
  },
  policies,
  bugs,
  body: async ({ world, run, knobs, policies: decisions }) => {
    const server = world.host("server");
    server.start((host) => serve(host, decisions), { restart: "always", backoff: "50ms", backoffMax: "2s" });
    const sessions = clients.map((name) => new Client(world.host(name)));

    const patience = { micros: Number(knobs["patienceMs"]) * 1_000 };
    await run({
      put: (op: { client: number; key: string }) => sessions[op.client]!.put(op.key, patience),
      add: (op: { client: number; amount: number }) => sessions[op.client]!.add(counter, op.amount, patience),
      resend: (op: { client: number; back: number }) => sessions[op.client]!.resend(op.back),
      read: (op: { client: number }) => sessions[op.client]!.read(keys, patience),
    });

    // Nothing is broken any more: every client must get through, and finds what it was promised; also when the last late
    // packets have arrived.
    await world.heal({ within: "60s" });
    await Promise.all(sessions.map((session) => session.add(counter, 1)));
    await Promise.all(sessions.map((session) => session.read(keys)));
    await world.sleep("3s");
    await Promise.all(sessions.map((session) => session.read(keys)));
  },
});
