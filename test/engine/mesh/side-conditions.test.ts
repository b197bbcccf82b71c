/**
 * What the argument for the mesh's convergence assumes, one by one: that the bound holds where the assumption does, and
 * what happens where it does not.
 */
import { describe, expect, it } from "vitest";
import { silenceBound } from "../../../src/engine/mesh/timing.ts";
import { clockFreeze } from "../../../src/faults/clock-freeze.ts";
import { clockOffset } from "../../../src/faults/clock-offset.ts";
import { clog } from "../../../src/faults/clog.ts";
import { connectionLoss } from "../../../src/faults/connection-loss.ts";
import { crash } from "../../../src/faults/crash.ts";
import { halfOpen } from "../../../src/faults/half-open.ts";
import { hostDown } from "../../../src/faults/host-down.ts";
import { powerLoss } from "../../../src/faults/power-loss.ts";
import { tell, tellOften, type Act, type Story } from "./mesh-story.ts";

const member = (index: number): { readonly host: string } => ({ host: `clusterd-${index}` });
const between = (a: number, b: number): object => ({ a: `clusterd-${a}`, b: `clusterd-${b}` });

describe("a dead link is noticed in bounded time", () => {
  it("half-open, with nothing else amiss: all restart once and form again", async () => {
    for (const { broken, took } of await tellOften({ processes: 3, acts: [[10, halfOpen, between(2, 0)]] })) {
      expect(broken).toBeNull();
      expect(took).toBeGreaterThan(5_000_000);
      expect(took).toBeLessThan(silenceBound() + 5_000_000);
    }
  });

  it("while the mesh forms, too: who lost its power leaves no place taken", async () => {
    const acts: Act[] = [
      [0.001, hostDown, member(2), 20],
      [5, powerLoss, member(1)],
      [12, powerLoss, member(0)],
    ];
    for (const { broken } of await tellOften({ processes: 3, acts })) expect(broken).toBeNull();
  });

  /** Nothing passes between the two, so that 1 does not hear of the death of 0. */
  const unheard: Story = {
    processes: 2,
    acts: [
      [10, clog, between(0, 1)],
      [10, clog, between(1, 0)],
      [12, crash, member(0)],
      [60, crash, member(0)],
    ],
    staysBroken: true,
  };

  it("where it is not, a survivor works on for ever in a mesh of the dead", async () => {
    expect((await tell(unheard, { isSilent: () => false })).broken).toBe("S-MESH-2:survivor");
    // Where it is, nobody works on; but without a way between the two nothing forms.
    expect((await tell(unheard)).broken).toBe("L-MESH-1:not formed");
  });
});

describe("epochs of process 0 need not grow: an old one goes with the link by which it came", () => {
  const away: Act = [0.001, hostDown, member(2), 20];

  it("with a clock that stands still for ever", async () => {
    const acts: Act[] = [away, [0.002, clockFreeze, member(0)], [5, crash, member(0)], [9, crash, member(1)]];
    for (const { broken } of await tellOften({
      processes: 3,
      acts: [...acts, [30, crash, member(0)]],
      staysBroken: true,
    })) {
      expect(broken).toBeNull();
    }
  });

  it("with a clock that goes back a minute after an epoch was minted", async () => {
    const ahead: Act = [0.001, clockOffset, { ...member(0), byMs: 60_000 }, 4];
    for (const { broken } of await tellOften({ processes: 3, acts: [ahead, away, [5, crash, member(0)]] })) {
      expect(broken).toBeNull();
    }
  });
});

describe("a restart takes no longer than B", () => {
  /** Process 1 dies half a second into each of its lives; its wait doubles each time. */
  const acts = [0.5, 2, 4.5, 9, 17.5, 34].map((second): Act => [second, crash, member(1)]);

  it("where B grows, forming takes that long, and the bound with it", async () => {
    const { broken, took } = await tell({ processes: 2, restarts: { first: "1s", max: "1h" }, acts });
    expect(broken).toBeNull();
    expect(took).toBeGreaterThan(31_000_000);
  });

  it("where it does not, not", async () => {
    const { broken, took } = await tell({ processes: 2, restarts: { first: "1s", max: "2s" }, acts });
    expect(broken).toBeNull();
    expect(took).toBeLessThan(6_000_000);
  });
});

describe("nothing that is done in the mesh kills its members", () => {
  it("where it does, they form again and again", async () => {
    const work: Story["work"] = (host, mesh) => {
      if (mesh.index === 1) host.exit(1, "poison");
    };
    expect((await tell({ processes: 3, acts: [], work })).broken).toMatch(/^L-MESH-1:/);
  });
});

describe("a member may have formed with one that never agreed", () => {
  it("dies of it, and who comes after it joins: every word counts that was lost", async () => {
    const acts: Act[] = [[0, connectionLoss, { ...between(0, 1), oneIn: 2 }, 8]];
    const endings = await tellOften({ processes: 2, acts }, {}, 60);
    for (const { broken } of endings) expect(broken).toBeNull();
    // Two form, the two that form for good.
    expect(endings.filter(({ formations }) => formations > 2).length).toBeGreaterThan(10);
  });
});
