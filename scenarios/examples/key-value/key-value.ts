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
const onServer = { on: ["server"], max: 2 };
/** The ways between a client and the server: faults of one direction hit what is named first on its way out. */
const onRequests = { params: { a: fc.constantFrom(...clients), b: fc.constant("server") }, max: 2 };
const onReplies = { params: { a: fc.constant("server"), b: fc.constantFrom(...clients) }, max: 2 };

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
    faults.crash({ ...onServer, max: 4 }),
    faults.powerLoss({ ...onServer, max: 4 }),
    brownout({ max: 8 }),
    faults.pause({ ...onServer, max: 4 }),
    faults.slowDeath(onServer),
    faults.gracefulStop(onServer),
    faults.slowCpu(onServer),
    faults.partition({ max: 2 }),
    faults.oneWayPartition(onReplies),
    faults.latency({ ...onRequests, max: 4 }),
    faults.connectionLoss(onRequests),
    faults.clog(onRequests),
    faults.reset(onRequests),
    faults.halfOpen(onRequests),
    faults.phantomAccept(onServer),
    faults.refuse(onServer),
    faults.addressInUse(onServer),
    faults.clockOffset(onServer),
    faults.clockDrift(onServer),
    faults.clockFreeze(onServer),
    faults.slowDisk(onServer),
    faults.fullDisk(onServer),
    faults.diskErrors(onServer),
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
    const restarts = { restart: "always", backoff: "50ms", backoffMax: "2s" } as const;
    world.host("server").start((host) => serve(host, decisions), restarts);
    const sessions = clients.map((name) => new Client(world.host(name)));

    // Without patience a request is sent once.
    const patience = { micros: Number(knobs["patienceMs"]) * 1_000 };
    await run({
      put: (op: { client: number; key: string }) => sessions[op.client]!.put(op.key, patience),
      add: (op: { client: number; amount: number }) => sessions[op.client]!.add(counter, op.amount, patience),
      read: (op: { client: number }) => sessions[op.client]!.read(keys, patience),
      resend: (op: { client: number; back: number }) => sessions[op.client]!.resend(op.back),
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
