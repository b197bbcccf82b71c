import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Host } from "../../../src/ports/host.ts";
import type { Micros } from "../../../src/base/time.ts";
import { micros } from "../../../src/base/time.ts";
import { outcome, Tank } from "../tank.ts";

interface Loss {
  readonly tank: Tank;
  /** Texts and values by file, as the next incarnation finds them. */
  readonly texts: Map<string, string>;
  readonly values: Map<string, unknown>;
}

/** Runs `program` until the power is lost (`at`, or when it calls `lose`), and looks at the disk afterwards. */
async function losePower(
  seed: string,
  at: Micros | null,
  program: (host: Host, lose: () => void) => Promise<unknown>,
): Promise<Loss> {
  const tank = new Tank({ seed });
  const texts = new Map<string, string>();
  const values = new Map<string, unknown>();
  const look = async ({ disk }: Host): Promise<void> => {
    for (const file of await disk.list()) {
      texts.set(file, await disk.readText(file));
      values.set(file, await disk.read(file));
    }
  };
  const cut = (): unknown => tank.controls.host("server").powerLoss();
  const lose = (): void => tank.at(micros(tank.now), cut);
  const first = (host: Host): Promise<unknown> => program(host, lose);
  tank.start("server", (host) => (host.process === "server#1" ? first(host) : look(host)), { restart: "always" });
  if (at !== null) tank.at(at, cut);
  await tank.run();
  return { tank, texts, values };
}

describe("a power loss", () => {
  it("keeps a value from the moment on that its write resolves", async () => {
    for (let seed = 0; seed < 100; seed++) {
      const { tank, values } = await losePower(`${seed}`, null, async ({ disk }, lose) => {
        await disk.write("value", "new");
        lose();
      });
      expect(values.get("value")).toBe("new");
      expect(tank.of("process.crashed")).toHaveLength(1);
      expect(tank.of("disk.write-lost")).toEqual([]);
    }
  });

  it("leaves of a write under way all or nothing, both of which happen, and a witness when it is nothing", async () => {
    const found = new Map<unknown, number>();
    for (let seed = 0; seed < 200; seed++) {
      const { tank, values } = await losePower(`${seed}`, null, async ({ disk }, lose) => {
        await disk.write("value", { old: 1 });
        await disk.readText("other");
        void disk.write("value", { new: 1 });
        lose();
      });
      const left = JSON.stringify(values.get("value"));
      found.set(left, (found.get(left) ?? 0) + 1);
      expect(tank.of("disk.write-lost")).toHaveLength(left === '{"old":1}' ? 1 : 0);
    }
    expect(new Set(found.keys())).toEqual(new Set(['{"new":1}', '{"old":1}']));
    expect(Math.min(...found.values())).toBeGreaterThan(60);
  });

  it("keeps exactly the synced prefix and some of the rest: any length occurs, each with its witness", async () => {
    const lengths = new Map<number, number>();
    for (let seed = 0; seed < 300; seed++) {
      const { tank, texts } = await losePower(`${seed}`, null, async ({ disk }, lose) => {
        await disk.append("log", "synced");
        await disk.sync("log");
        await disk.append("log", "abc");
        await disk.append("log", "def");
        lose();
      });
      const text = texts.get("log")!;
      expect("syncedabcdef".startsWith(text)).toBe(true);
      lengths.set(text.length, (lengths.get(text.length) ?? 0) + 1);
      expect(tank.of("disk.write-lost")).toHaveLength(text.length === 6 ? 1 : 0);
      expect(tank.of("disk.write-torn")).toHaveLength(text.length > 6 && text.length < 12 ? 1 : 0);
    }
    expect([...lengths.keys()].toSorted((a, b) => a - b)).toEqual([6, 7, 8, 9, 10, 11, 12]);
    expect(Math.min(...lengths.values())).toBeGreaterThan(5);
  });

  it("makes what it left durable: a second one takes nothing more", async () => {
    for (let seed = 0; seed < 50; seed++) {
      const tank = new Tank({ seed: `${seed}` });
      const seen: string[] = [];
      tank.start(
        "server",
        async ({ disk, process }) => {
          if (process === "server#1") await disk.append("log", "abcdefgh");
          seen.push(await disk.readText("log"));
        },
        { restart: "always", backoff: "100ms" },
      );
      tank.at("1s", () => tank.controls.host("server").powerLoss());
      tank.at("2s", () => tank.controls.host("server").powerLoss());
      await tank.run();
      expect(seen).toHaveLength(3);
      expect(seen[2]).toBe(seen[1]);
    }
  });

  it("leaves no hole: of appends under way it keeps first ones, never a later one without an earlier one", async () => {
    const lengths = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const { texts } = await losePower(`${seed}`, micros(15), async ({ disk }) => {
        for (const text of ["ab", "cd", "ef", "gh"]) void disk.append("log", text);
        return disk.sync("log");
      });
      const text = texts.get("log") ?? "";
      expect("abcdefgh".startsWith(text)).toBe(true);
      lengths.add(text.length);
    }
    expect([...lengths]).toEqual(expect.arrayContaining([0, 2, 4, 6, 8]));
  });

  it("spares the other hosts, and the removal and truncation that were durable", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.start("other", async (host) => {
      await host.disk.append("log", "unsynced");
      await host.sleep("2s");
      seen.push(await host.disk.readText("log"));
    });
    tank.start(
      "server",
      async ({ disk, process }) => {
        if (process !== "server#1") return seen.push(await disk.readText("log"), await disk.list());
        await disk.append("log", "abcdef");
        await disk.append("gone", "abcdef");
        await disk.truncate("log", 3);
        return disk.remove("gone");
      },
      { restart: "always" },
    );
    tank.at("1s", () => tank.controls.host("server").powerLoss());
    await tank.run();
    expect(seen).toEqual(["abc", ["log"], "unsynced"]);
  });

  it("ends the operations of a process that outlives it, as a client's may, with an error that is not definite", async () => {
    const tank = new Tank();
    const seen: unknown[] = [];
    tank.outsider("client", async ({ disk }) => {
      seen.push(await outcome(disk.write("value", 1)), await outcome(disk.write("value", 2)), await disk.read("value"));
    });
    tank.at("100us", () => tank.controls.host("client").powerLoss());
    await tank.run();
    expect(seen).toEqual(["!EIO?", undefined, 2]);
  });

  it("loses no write where only reads are under way", async () => {
    for (let seed = 0; seed < 10; seed++) {
      const { tank } = await losePower(`${seed}`, micros(15), async ({ disk }) => {
        await Promise.all([disk.read("value"), disk.readText("log"), disk.list()]);
      });
      expect(tank.of("process.crashed")).toHaveLength(1);
      expect(tank.of("disk.write-lost")).toEqual([]);
    }
  });

  it("keeps of any sequence of operations what was durable, and of each text a prefix of what was there", async () => {
    const file = fc.constantFrom("a", "b", "c");
    const step = fc.oneof(
      fc.record({ kind: fc.constant("append" as const), file, text: fc.string({ minLength: 1, maxLength: 6 }) }),
      fc.record({ kind: fc.constant("truncate" as const), file, length: fc.nat(10) }),
      fc.record({ kind: fc.constant("sync" as const), file }),
      fc.record({ kind: fc.constant("remove" as const), file }),
      fc.record({ kind: fc.constant("write" as const), file, value: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), fc.nat(1_000_000), async (steps, seed) => {
        const texts = new Map<string, { text: string; synced: number }>();
        const values = new Map<string, number>();
        const loss = await losePower(`${seed}`, null, async ({ disk }, lose) => {
          for (const each of steps) {
            const known = texts.get(each.file);
            if (each.kind === "append") {
              await disk.append(each.file, each.text);
              texts.set(each.file, { text: (known?.text ?? "") + each.text, synced: known?.synced ?? 0 });
            } else if (each.kind === "truncate") {
              await disk.truncate(each.file, each.length);
              const text = known?.text.slice(0, each.length) ?? "";
              if (known !== undefined) texts.set(each.file, { text, synced: text.length });
            } else if (each.kind === "sync") {
              await disk.sync(each.file);
              if (known !== undefined) known.synced = known.text.length;
            } else if (each.kind === "remove") {
              await disk.remove(each.file);
              texts.delete(each.file);
              values.delete(each.file);
            } else {
              await disk.write(each.file, each.value);
              values.set(each.file, each.value);
            }
          }
          lose();
        });
        expect([...loss.texts.keys()]).toEqual([...new Set([...texts.keys(), ...values.keys()])].toSorted());
        for (const [name, found] of loss.texts) {
          const model = texts.get(name) ?? { text: "", synced: 0 };
          expect(found.length).toBeGreaterThanOrEqual(model.synced);
          expect(model.text.startsWith(found)).toBe(true);
          expect(loss.values.get(name)).toBe(values.get(name));
        }
      }),
      { numRuns: 100 },
    );
  });
});
