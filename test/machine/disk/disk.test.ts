import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DiskError } from "../../../src/machine/port-errors.ts";
import type { Host } from "../../../src/ports/host.ts";
import { outcome, Tank } from "../tank.ts";

/** Runs a program that is alone on the host `server`. */
async function onServer(program: (host: Host, tank: Tank) => Promise<unknown>, seed = "disk"): Promise<Tank> {
  const tank = new Tank({ seed });
  tank.start("server", (host) => program(host, tank));
  await tank.run();
  return tank;
}

describe("the files of a host", () => {
  it("hold values and texts, which are read as they were written; what is missing is undefined or empty", async () => {
    const seen: unknown[] = [];
    await onServer(async ({ disk }) => {
      await disk.write("b/value", { n: 1, list: [1, null, "x"] });
      await disk.append("a.log", "one\n");
      await disk.append("a.log", "two\n");
      seen.push(await disk.read("b/value"), await disk.readText("a.log"), await disk.list());
      seen.push(await disk.read("none"), await disk.readText("none"));
      await disk.truncate("a.log", 5);
      await disk.remove("b/value");
      seen.push(await disk.readText("a.log"), await disk.read("b/value"), await disk.list());
    });
    expect(seen).toEqual([
      { n: 1, list: [1, null, "x"] },
      "one\ntwo\n",
      ["a.log", "b/value"],
      undefined,
      "",
      "one\nt",
      undefined,
      ["a.log"],
    ]);
  });

  it("share no memory with programs: what is written and what is read are copies", async () => {
    const seen: unknown[] = [];
    await onServer(async ({ disk }) => {
      const value = { list: [1] };
      const written = disk.write("value", value);
      value.list.push(2);
      await written;
      const read = await disk.read<{ list: number[] }>("value");
      read!.list.push(3);
      seen.push(await disk.read("value"));
    });
    expect(seen).toEqual([{ list: [1] }]);
  });

  it("refuse what cannot be copied, texts that are none and lengths that are none, naming the file", async () => {
    const seen: string[] = [];
    await onServer(async ({ disk }) => {
      const tries = [
        () => disk.write("state", { f: [() => 1] } as never),
        () => disk.append("log", 5 as never),
        () => disk.truncate("log", -1),
        () => disk.truncate("log", 1.5),
      ];
      for (const attempt of tries) {
        try {
          await attempt();
        } catch (error) {
          seen.push(`${(error as Error).name}: ${(error as Error).message}`);
        }
      }
    });
    expect(seen).toEqual([
      "TypeError: state.f[0] is a function: ports carry JSON-like values",
      "TypeError: append to log takes a string, not a number",
      "TypeError: truncate log takes a length, a whole number from 0, not -1",
      "TypeError: truncate log takes a length, a whole number from 0, not 1.5",
    ]);
  });

  it("are worked on in the order of issue, one operation at a time for each, side by side for several", async () => {
    for (let seed = 0; seed < 30; seed++) {
      const ended: number[] = [];
      let texts = "";
      let tookOne = 0;
      let tookTen = 0;
      await onServer(async ({ disk }, tank) => {
        const numbers = Array.from({ length: 20 }, (_, index) => index);
        await Promise.all(numbers.map((index) => disk.append("log", `${index},`).then(() => ended.push(index))));
        texts = await disk.readText("log");
        let began = tank.now;
        await disk.write("alone", 0);
        tookOne = tank.now - began;
        began = tank.now;
        await Promise.all(numbers.slice(0, 10).map((index) => disk.write(`file-${index}`, 0)));
        tookTen = tank.now - began;
      }, `order-${seed}`);
      expect(ended).toEqual(ended.toSorted((a, b) => a - b));
      expect(texts).toBe("0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,");
      expect(tookOne).toBeGreaterThanOrEqual(400);
      expect(tookTen).toBeLessThan(1_800);
    }
  });

  it("keep an operation that was issued before its process crashed, and tell nobody", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start(
      "server",
      async ({ disk, process }) => {
        if (process === "server#1") {
          void disk.append("log", "issued").then(() => seen.push("told"));
          return;
        }
        seen.push(await disk.readText("log"));
      },
      { restart: "always" },
    );
    tank.at("20us", () => tank.controls.host("server").crash());
    await tank.run();
    expect(seen).toEqual(["issued"]);
  });

  it("outlive a crash whole, synced or not", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start(
      "server",
      async ({ disk, process }) => {
        if (process === "server#1") {
          await disk.append("log", "never synced");
          await disk.write("value", 7);
        } else {
          seen.push(await disk.readText("log"), await disk.read("value"));
        }
      },
      { restart: "always" },
    );
    tank.at("1s", () => tank.controls.host("server").crash());
    await tank.run();
    expect(seen).toEqual(["never synced", 7]);
    expect(tank.of("disk.write-lost")).toEqual([]);
  });
});

describe("a disk fault", () => {
  it("that fills the disk refuses writes definitely and without effect, and leaves reads and syncs alone", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    let heal = (): void => undefined;
    tank.at("1s", () => (heal = tank.controls.host("server").disk.fill()));
    tank.at("2s", () => (heal(), heal()));
    tank.start("server", async (host) => {
      const { disk } = host;
      await disk.write("value", "old");
      await disk.append("log", "old");
      await host.sleep("1s");
      seen.push(await outcome(disk.write("value", "new")), await outcome(disk.append("log", "new")));
      seen.push(await disk.write("value", "new").catch((error: unknown) => error));
      seen.push(await outcome(disk.sync("log")), await disk.read("value"), await disk.readText("log"));
      await host.sleep("1s");
      await disk.append("log", " new");
      seen.push(await disk.readText("log"));
    });
    await tank.run();
    expect(seen).toEqual(["!ENOSPC", "!ENOSPC", expect.any(DiskError), undefined, "old", "old", "old new"]);
    expect(tank.of("disk.full")).toEqual([{ host: "server" }, { host: "server" }, { host: "server" }]);
  });

  it("of errors fails operations before or after their effect, both of which happen, and never definitely", async () => {
    const tank = new Tank();
    const effects: boolean[] = [];
    const codes = new Set<unknown>();
    const heal = tank.controls.host("server").disk.fail(1);
    tank.at("5s", () => (heal(), heal()));
    tank.start("server", async (host) => {
      for (let index = 0; index < 60; index++) codes.add(await outcome(host.disk.write(`file-${index}`, index)));
      codes.add(await outcome(host.disk.read("file-0")));
      await host.sleep("6s");
      for (let index = 0; index < 60; index++) effects.push((await host.disk.read(`file-${index}`)) === index);
    });
    await tank.run();
    expect([...codes]).toEqual(["!EIO?"]);
    const happened = effects.filter(Boolean).length;
    expect(happened).toBeGreaterThan(15);
    expect(happened).toBeLessThan(45);
    expect(tank.of("disk.failed")).toHaveLength(61);
  });

  it("of errors fails about one operation in as many as it says", async () => {
    const tank = new Tank();
    let failed = 0;
    tank.controls.host("server").disk.fail(5);
    tank.start("server", async ({ disk }) => {
      for (let index = 0; index < 1_000; index++) if ((await outcome(disk.append("log", "x"))) === "!EIO?") failed++;
    });
    await tank.run();
    expect(failed).toBeGreaterThan(140);
    expect(failed).toBeLessThan(260);
  });

  it("that slows the disk makes every operation take longer until it is healed; a slowed write is its witness", async () => {
    const tank = new Tank();
    const took: number[] = [];
    let heals: (() => void)[] = [];
    tank.at("1s", () => (heals = ["300ms", "200ms"].map((by) => tank.controls.host("server").disk.delay(by as "1s"))));
    tank.at("3s", () => heals[0]!());
    tank.at("5s", () => heals.forEach((undo) => undo()));
    tank.start("server", async (host) => {
      for (let round = 0; round < 4; round++) {
        for (const act of [() => host.disk.read("value"), () => host.disk.write("value", 1)]) {
          const began = tank.now;
          await act();
          took.push(Math.floor((tank.now - began) / 10_000) * 10);
        }
        await host.sleep("1500ms");
      }
    });
    await tank.run();
    expect(took).toEqual([0, 0, 500, 500, 200, 200, 0, 0]);
    expect(tank.momentsOf("disk.write-delayed")).toHaveLength(2);
  });

  it("may strike while another is on: each is healed by itself", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    const { disk: controls } = tank.controls.host("server");
    const heals = [controls.fail(1), controls.fill(), controls.fail(1)];
    tank.at("1s", () => heals[0]!());
    tank.at("2s", () => heals[1]!());
    tank.at("3s", () => heals[2]!());
    tank.start("server", async (host) => {
      for (let second = 0; second < 4; second++) {
        seen.push(await outcome(host.disk.write("value", second)));
        await host.sleep("1s");
      }
    });
    await tank.run();
    expect(seen).toEqual(["!ENOSPC", "!ENOSPC", "!EIO?", undefined]);
  });
});

it("takes any value apart from the text of the same name, and removes both", async () => {
  const seen: unknown[] = [];
  await onServer(async ({ disk }) => {
    await disk.write("x", 1);
    await disk.append("x", "text");
    seen.push(await disk.list(), await disk.read("x"), await disk.readText("x"));
    await disk.remove("x");
    seen.push(await disk.list());
  });
  expect(seen).toEqual([["x"], 1, "text", []]);
});

it("behaves like a map of texts for any sequence of operations without faults", async () => {
  const file = fc.constantFrom("a", "b");
  const step = fc.oneof(
    fc.record({ kind: fc.constant("append" as const), file, text: fc.string({ maxLength: 5 }) }),
    fc.record({ kind: fc.constant("truncate" as const), file, length: fc.nat(12) }),
    fc.record({ kind: fc.constantFrom("remove" as const, "sync" as const), file }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const model = new Map<string, string>();
      await onServer(async ({ disk }) => {
        for (const each of steps) {
          const before = model.get(each.file);
          if (each.kind === "append") {
            await disk.append(each.file, each.text);
            model.set(each.file, (before ?? "") + each.text);
          } else if (each.kind === "truncate") {
            await disk.truncate(each.file, each.length);
            if (before !== undefined) model.set(each.file, before.slice(0, each.length));
          } else if (each.kind === "remove") {
            await disk.remove(each.file);
            model.delete(each.file);
          } else {
            await disk.sync(each.file);
          }
          expect(await disk.readText(each.file)).toBe(model.get(each.file) ?? "");
          expect(await disk.list()).toEqual([...model.keys()].toSorted());
        }
      });
    }),
    { numRuns: 60 },
  );
});
