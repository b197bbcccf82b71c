/**
 * What has befallen meshes, told once more: under the protocol that it befell, which does not come back, and under the one
 * in force, which does, within its bound. Numbers of stories are those of the domain's list of wedges and crash loops.
 */
import { describe, expect, it } from "vitest";
import { unansweredForming } from "../../../src/bugs/mesh/protocols/unanswered-forming.ts";
import { answeredForming } from "../../../src/bugs/mesh/protocols/answered-forming.ts";
import { nonceAttempts, numberedAttempts } from "../../../src/bugs/mesh/protocols/controlled-attempts.ts";
import type { ControllerDecisions } from "../../../src/bugs/mesh/protocols/controller.ts";
import { drawnAttempts, meshController, risingAttempts } from "../../../src/bugs/mesh/protocols/controller.ts";
import { endedAttempts, impatientForming } from "../../../src/bugs/mesh/protocols/impatient-forming.ts";
import { nonceForming } from "../../../src/bugs/mesh/protocols/nonce-forming.ts";
import { numberedForming } from "../../../src/bugs/mesh/protocols/numbered-forming.ts";
import { watchedForming } from "../../../src/bugs/mesh/protocols/watched-forming.ts";
import { stockForming } from "../../../src/engine/mesh/forming-stock.ts";
import { addressInUse } from "../../../src/faults/address-in-use.ts";
import { crash } from "../../../src/faults/crash.ts";
import { hostDown } from "../../../src/faults/host-down.ts";
import { pause } from "../../../src/faults/pause.ts";
import { phantomAccept } from "../../../src/faults/phantom-accept.ts";
import { powerLoss } from "../../../src/faults/power-loss.ts";
import { tellOften, type Act, type Protocol, type Story } from "./mesh-story.ts";

const numbered = { formingCore: numberedForming, attempts: numberedAttempts };
const v0: Protocol = { formingCore: stockForming };
const v1: Protocol = { formingCore: answeredForming };
const v2: Protocol = { formingCore: watchedForming };
const v3: Protocol = { ...numbered, controller: meshController(risingAttempts) };
const v4: Protocol = { formingCore: nonceForming, attempts: nonceAttempts, controller: meshController(drawnAttempts) };

const impatient: Protocol = { formingCore: impatientForming, attempts: endedAttempts };
const unanswered: Protocol = { formingCore: unansweredForming };
const numberedBy = (decisions: Partial<ControllerDecisions>): Protocol => ({
  ...numbered,
  controller: meshController({ ...risingAttempts, ...decisions }),
});
const oldNumbers = numberedBy({ life: () => Promise.resolve(1) });
const oneNumber = numberedBy({ attempt: (_host, life) => ({ millis: life, nonce: 0 }) });
const keepsTheRest = numberedBy({ beginsAnew: () => false });

const member = (index: number): { readonly host: string } => ({ host: `clusterd-${index}` });
const controller = { host: "controller" };

/** Process 2 is away for 6 s; process 0 dies meanwhile, after 1 connected to it and before 2 did. */
const w1: Story = {
  processes: 3,
  acts: [
    [1, hostDown, member(2), 6],
    [4.5, crash, member(0)],
  ],
};

/** All die, not quite at once, so that they start again at different moments. */
const w2: Story = {
  processes: 16,
  restarts: { first: "1s", max: "180s" },
  acts: Array.from({ length: 16 }, (_, index): Act => [30 + ((index * 7) % 16) / 8, crash, member(index)]),
};

/** While a proxy speaks for process 0, process 1 connects to it; process 2 comes later and finds the real one. */
const w3: Story = {
  processes: 3,
  acts: [
    [0, phantomAccept, member(0), 0.5],
    [0, hostDown, member(2), 1],
  ],
};

/** Process 2 is away; the controller starts again and again, and each of its lives asks for another attempt. */
const w4: Story = {
  processes: 3,
  acts: [[0.001, hostDown, member(2), 12], ...[2, 4.5, 7, 9.5].map((second): Act => [second, crash, controller])],
};

/** Process 1 is away, so that its controller counts on; then the controller begins a new life. */
const w5: Story = {
  processes: 2,
  acts: [
    [2, hostDown, member(1), 12],
    [8, crash, controller],
  ],
};

/** Process 2 is away, so the mesh cannot form; process 1 dies alone meanwhile. */
const w6: Story = {
  processes: 3,
  acts: [
    [0.001, hostDown, member(2), 10],
    [5, crash, member(1)],
  ],
};

/** Process 1 is blocked while the mesh forms. */
const w10: Story = { processes: 3, acts: [[0.001, pause, member(1), 40]] };

/** Process 0 loses its power when it has formed and begun to talk, and others that heard it have not formed yet. */
const w9: Story = {
  processes: 6,
  restarts: { first: "1s", max: "1s" },
  acts: [[0.012, powerLoss, member(0)]],
};

const comesBack: readonly (readonly [name: string, story: Story])[] = [
  ["W1, split brain", w1],
  ["W2, sixteen that died", w2],
  ["W3, a proxy that accepts", w3],
  ["W4, a controller that flaps", w4],
  ["W5, an attempt with an old number", w5],
  ["W6, a partial restart", w6],
  ["W7, a port still in use", { processes: 3, acts: [[10, addressInUse, member(0), 16]] }],
  ["W9, words of the dead", w9],
  ["W10, a blocked runtime while forming", w10],
  ["W10, a blocked runtime in a mesh", { processes: 3, acts: [[10, pause, member(1), 50]] }],
];

describe("the protocol in force", () => {
  it.each(comesBack)("comes back within its bound: %s", async (_name, story) => {
    for (const { broken, record } of await tellOften(story)) {
      expect([record.verdict, broken]).toEqual(["passed", null]);
    }
  });

  it("forms seconds after the last of sixteen has died, since those who wait do not die (W2)", async () => {
    for (const { took } of await tellOften(w2, {}, 5)) expect(took).toBeLessThan(10_000_000);
  });

  it("waits for a blocked process no longer than it is blocked (W10)", async () => {
    for (const { took } of await tellOften(w10)) expect(took).toBeLessThan(10_000_000);
  });
});

const comes = "comes back";
const loops = "L-MESH-1:crash loop";
const hangs = "L-MESH-1:not formed";

/** How a story ends under a protocol, in the worst of the seeds. */
async function worst(story: Story, protocol: Protocol): Promise<string> {
  const broken = (await tellOften(story, protocol)).map((ending) => ending.broken);
  return broken.find((signature) => signature !== null) ?? comes;
}

const past: readonly (readonly [what: string, story: Story, protocol: Protocol, ending: string])[] = [
  ["stock (v0) goes round and round after W1 (B36)", w1, v0, loops],
  ["answers alone (v1) do not help against W1", w1, v1, loops],
  ["links that are watched while forming (v2) do", w1, v2, comes],
  ["crashing in place of waiting keeps sixteen apart after W2 (B37)", w2, impatient, hangs],
  ["a connection that counts unanswered starts the loop of W1 without any crash, by W3 (B38)", w3, unanswered, loops],
  ["stock (v0) takes the proxy for its peer in W3, too", w3, v0, loops],
  ["with answers (v1) W3 is no trouble", w3, v1, comes],
  ["nonces that are only ever equal or not (v4) wait for each other for ever after W4", w4, v4, hangs],
  ["numbers that rise over lives of the controller (v3) survive W4", w4, v3, comes],
  ["numbers that begin anew with the controller hang in W5 (B40)", w5, oldNumbers, hangs],
  ["numbers that rise (v3) survive W5", w5, v3, comes],
  ["one number for a life of the controller loops after a partial restart, W6 (B39)", w6, oneNumber, loops],
  ["a controller that keeps its connections to the rest leaves the newcomer alone in W6", w6, keepsTheRest, hangs],
  ["numbers that rise (v3), told to all, survive W6", w6, v3, comes],
  ["without epochs (v2) members of one mesh hear different lives of a third in W9", w9, v2, "S-MESH-1:r1 process 1"],
];

describe("protocols of the past", () => {
  it.each(past)("%s", async (_what, story, protocol, ending) => {
    expect(await worst(story, protocol)).toBe(ending);
  });
});
