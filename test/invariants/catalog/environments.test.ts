/** S-FEN-4, S-CONN-1, S-CRE-2 and L-BOOT-1: how environments end, what they leave alone, and that one leads. */
import { describe, expect, it } from "vitest";
import { environmentEnds } from "../../../src/invariants/catalog/environment-ends.ts";
import { fenceReasons } from "../../../src/invariants/catalog/fence-reasons.ts";
import { leadingEnvironment } from "../../../src/invariants/catalog/leading-environment.ts";
import { untouchedBrokers } from "../../../src/invariants/catalog/untouched-brokers.ts";
import { token } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, type Seen } from "../../support/hand-trace.ts";

const hostOf = (process: string): string => process.replace(/#.*/, "");
const started = (process: string, generation: number): Seen => ["env.started", { generation }, process];
const exited = (process: string, exit: string, reason: string): Seen => [
  "process.exited",
  { host: hostOf(process), process, exit, reason },
];
const crashed = (process: string): Seen => ["process.crashed", { host: hostOf(process), process }];
const leading = (process: string, generation: number): Seen => ["env.leading", { generation, epoch: 1 }, process];

/** The first token, one of the next generation's. */
function tokens(): readonly [Seen, Seen] {
  const catalog = catalogHistory();
  return [catalog([], [token(1, 1)]), catalog([token(1, 1)], [token(2, 2)])];
}

describe("S-FEN-4", () => {
  it("accepts the end of what a higher generation has replaced", () => {
    const [first, second] = tokens();
    const trace = [started("env-1#1", 1), first, started("env-2#1", 2), second];
    expect(firstBreach(fenceReasons, [...trace, exited("env-1#1", "exit", "fenced-by-generation")])).toBeUndefined();
  });

  it("accepts a fence by an epoch of one that was started later, and of one that dies slowly", () => {
    const [first] = tokens();
    const later = [started("env-1#1", 1), first, started("env-1#2", 1)];
    expect(firstBreach(fenceReasons, [...later, exited("env-1#1", "halt", "fenced-by-epoch")])).toBeUndefined();
    expect(firstBreach(fenceReasons, [...later, exited("env-1#2", "halt", "fenced-by-epoch")])).toBeUndefined();
  });

  it("accepts other ends with their codes, and says nothing of panics and of other processes", () => {
    const [first, second] = tokens();
    const lives = [started("env-1#1", 1), first, second];
    expect(firstBreach(fenceReasons, [...lives, exited("env-1#1", "exit", "stopped")])).toBeUndefined();
    expect(firstBreach(fenceReasons, [...lives, exited("env-1#1", "halt", "owner-fenced")])).toBeUndefined();
    expect(firstBreach(fenceReasons, [...lives, exited("env-1#1", "panic", "TypeError")])).toBeUndefined();
    expect(firstBreach(fenceReasons, [...lives, exited("clusterd-0#1", "halt", "mesh-lost")])).toBeUndefined();
  });

  it("rejects a fence by a generation that nobody made durable", () => {
    const [first] = tokens();
    const trace = [started("env-1#1", 1), first, started("env-2#1", 2)];
    const breach = firstBreach(fenceReasons, [...trace, exited("env-1#1", "exit", "fenced-by-generation")]);
    expect(breach).toMatchObject({ subject: "fenced-by-generation", observed: 1 });
  });

  it("rejects a fence by an epoch when nobody else of the generation ran in its life", () => {
    const [first, second] = tokens();
    const trace = [
      started("env-1#1", 1),
      first,
      crashed("env-1#1"),
      started("env-1#2", 1),
      started("env-2#1", 2),
      second,
    ];
    const breach = firstBreach(fenceReasons, [...trace, exited("env-1#2", "halt", "fenced-by-epoch")]);
    expect(breach?.subject).toBe("fenced-by-epoch");
  });

  it.each([
    ["exit", "fenced-by-epoch"],
    ["exit", "owner-fenced"],
    ["exit", "bored"],
    ["halt", "fenced-by-generation"],
    ["halt", "stopped"],
  ])("rejects the end %s for %s", (exit, reason) => {
    const [first, second] = tokens();
    const trace = [started("env-1#1", 1), started("env-1#2", 1), first, second, exited("env-1#1", exit, reason)];
    expect(firstBreach(fenceReasons, trace)?.subject).toBe(`code of ${reason}`);
  });

  it("rejects any other reason of one that was replaced before it began", () => {
    const trace = [...tokens(), started("env-1#2", 1), exited("env-1#2", "halt", "incompatible-version")];
    expect(firstBreach(fenceReasons, trace)?.subject).toBe("replaced before");
    const [first, second] = tokens();
    const earlier = [first, started("env-1#2", 1), second, exited("env-1#2", "halt", "incompatible-version")];
    expect(firstBreach(fenceReasons, earlier)).toBeUndefined();
  });
});

describe("S-CONN-1", () => {
  it("accepts the engine's reasons, deaths from outside, and whatever ends other processes", () => {
    const trace = [
      exited("env-1#1", "exit", "fenced-by-generation"),
      exited("env-1#2", "halt", "owner-fenced"),
      crashed("env-1#3"),
      exited("clusterd-0#1", "halt", "mesh-lost"),
    ];
    expect(firstBreach(environmentEnds, trace)).toBeUndefined();
  });

  it("rejects a reason of a connector, and a panic whatever its reason is", () => {
    expect(firstBreach(environmentEnds, [exited("env-1#1", "halt", "sink-unreachable")])?.subject).toBe(
      "sink-unreachable",
    );
    expect(firstBreach(environmentEnds, [exited("env-1#1", "panic", "stopped")])?.observed).toBe("stopped");
  });
});

describe("S-CRE-2", () => {
  const events = (by: string): readonly Seen[] => [
    ["kafka.topic-created", { topic: "t", topicId: "i", partitions: 1, by }],
    ["kafka.topic-deleted", { topic: "t", topicId: "i", by }],
    ["kafka.producer-initialised", { transactionalId: "x", producerId: 1, epoch: 0, by }],
    ["kafka.appended", { topic: "t", partition: 0, baseOffset: 0, records: [], isTransactional: false, by }],
  ];

  it("accepts what replicas and applications do", () => {
    expect(firstBreach(untouchedBrokers, [...events("clusterd-0"), ...events("upstream")])).toBeUndefined();
  });

  it.each(events("env-1"))("rejects %s by an environment", (...event) => {
    expect(firstBreach(untouchedBrokers, [event as unknown as Seen])?.message).toMatch("env-1");
  });
});

describe("L-BOOT-1", () => {
  it("holds while nothing was started, and once the newest generation leads", () => {
    expect(firstBreach(leadingEnvironment, [])).toBeUndefined();
    const trace = [started("env-1#1", 1), leading("env-1#1", 1), started("env-2#1", 2), leading("env-2#1", 2)];
    expect(
      firstBreach(leadingEnvironment, [...trace, exited("env-1#1", "exit", "fenced-by-generation")]),
    ).toBeUndefined();
  });

  it("fails while only an older generation leads, or none", () => {
    const older = [started("env-1#1", 1), leading("env-1#1", 1), started("env-2#1", 2)];
    expect(firstBreach(leadingEnvironment, older)).toMatchObject({ expected: 2, observed: [1] });
    const fence: Seen = ["env.fenced", { own: {}, seen: {}, by: "epoch" }, "env-1#1"];
    for (const end of [crashed("env-1#1"), exited("env-1#1", "halt", "owner-fenced"), fence]) {
      const trace = [started("env-1#1", 1), leading("env-1#1", 1), end];
      expect(firstBreach(leadingEnvironment, trace)?.subject).toBe("no leader");
    }
  });
});
