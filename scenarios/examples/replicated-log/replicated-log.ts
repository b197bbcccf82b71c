/**
 * A replicated log of one's own in the tank: three replicas elect a leader, clients append to a list through it and read
 * it from the leader alone, under a lease. Read on in `core.ts` (the protocol), `replica.ts`, `storage.ts` and
 * `policies.ts`; what must hold is in `rules.ts`, `log-rule.ts` and `history-rules.ts`, and how it would break in `bugs.ts`.
 */
import { defineScenario, fc } from "wavetank";
import * as faults from "wavetank/faults";
import { bugs } from "./bugs.ts";
import { Client } from "./client.ts";
import { appendedOnce, linearizable } from "./history-rules.ts";
import { committedStays } from "./log-rule.ts";
import { isolation } from "./isolation.ts";
import { policies } from "./policies.ts";
import { inOrder, oneLeader, oneLease } from "./rules.ts";
import { serve } from "./serve.ts";
import { driftBound } from "./timing.ts";

const replicas = ["r1", "r2", "r3"];
const clients = ["client-0", "client-1", "client-2"];
const client = fc.nat(clients.length - 1);
/** Two ends of a wire, by place among all machines: mostly both are replicas. */
const wire = { params: { a: fc.nat(3), b: fc.nat(3) } };
/** How far a clock may be off its rate, in parts per thousand, by one cause. There are three at most on one host. */
const driftMost = 80;
const driftsMax = driftBound / driftMost - 1;
const rate = fc.constantFrom(0, -driftMost, driftMost, -driftMost, driftMost);
const rare = { max: 1 };
const patience = 2_500_000;

export default defineScenario({
  name: "replicated-log",
  doc: "Three replicas agree on a list: what was acknowledged stays, reads are up to date, whatever machines and network do.",
  duration: "10s",
  sessions: 12,
  opsCount: { min: 20, max: 80 },
  ops: {
    append: fc.record({ client }),
    read: fc.record({ client }),
  },
  knobs: { batch: fc.constantFrom(1, 1, 4), rates: fc.tuple(rate, rate, rate) },
  faultsCount: { min: 0, max: 16 },
  faults: [
    faults.crash({ max: 6 }),
    faults.powerLoss({ max: 6 }),
    faults.pause(),
    faults.slowDeath(rare),
    faults.gracefulStop(rare),
    faults.slowCpu(rare),
    isolation({ max: 6 }),
    faults.partition(),
    faults.oneWayPartition(wire),
    faults.latency(wire),
    faults.connectionLoss({ ...wire, ...rare }),
    faults.clog(wire),
    faults.reset({ ...wire, ...rare }),
    faults.halfOpen({ ...wire, ...rare }),
    faults.phantomAccept(rare),
    faults.refuse(rare),
    faults.addressInUse(rare),
    faults.clockOffset(rare),
    faults.clockDrift({
      max: driftsMax,
      params: { partsPerThousand: fc.constantFrom(-driftMost, driftMost) },
    }),
    faults.clockFreeze(rare),
    faults.slowDisk(),
    faults.fullDisk(rare),
    faults.diskErrors(rare),
  ],
  invariants: [oneLeader, committedStays, appendedOnce, linearizable, oneLease, inOrder],
  sometimes: {
    "leader.changed": "a leader took over from another",
    "vote.refused-by-lease": "a vote was refused for the sake of a lease",
    "log.truncated": "a log was cut because a later leader's was different",
    "log.torn-tail-cut": "recovery cut off a torn line",
    "append.unknown": "a client gave up on an append without knowing what became of it",
    "append.deduplicated": "a request that was sent again had taken effect already",
    "read.refused-by-deposed": "a leader refused a read, which its successor then answered",
  },
  policies,
  bugs,
  body: async ({ world, run, knobs, faults: inject, policies: decisions }) => {
    const settings = { replicas, batch: Number(knobs["batch"]), policies: decisions };
    for (const name of replicas) {
      world.host(name).start((host) => serve(host, settings), { restart: "always", backoff: "50ms", backoffMax: "1s" });
    }
    // Every clock has a rate of its own, all along.
    for (const [host, partsPerThousand] of (knobs["rates"] as number[]).entries()) {
      inject.inject(faults.clockDrift, { host, partsPerThousand });
    }
    const sessions = clients.map((name) => new Client(world.host(name), replicas));
    let value = 0;
    await run({
      append: (op: { client: number }) => sessions[op.client]!.append(++value, patience),
      read: (op: { client: number }) => sessions[op.client]!.read(patience),
    });

    // Nothing is broken any more: every client must get through, and finds what it was promised.
    await world.heal({ within: "20s" });
    await Promise.all(
      sessions.map(async (session) => {
        await session.append(++value);
        await session.read();
      }),
    );
  },
});
