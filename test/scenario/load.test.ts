import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import type { SimDefinition } from "../../src/runner/definition.ts";
import { findScenarioFiles, type ScenarioSource } from "../../src/scenario/load.ts";
import { RealLoader } from "../support/real-loader.ts";

type Loaded = Pick<SimDefinition, "name" | "file">[];

let directory: string;
let loader: RealLoader;

beforeAll(() => {
  loader = new RealLoader();
});

afterAll(() => loader.close());

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wavetank-load-"));
  mkdirSync(join(directory, "node_modules"));
  symlinkSync(resolve(import.meta.dirname, "../.."), join(directory, "node_modules/wavetank"));
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function write(path: string, text: string): string {
  const file = join(directory, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

const loadScenarioFile = (file: string): Promise<Loaded> => loader.call("load", "loadScenarioFile", file);
const loadScenarios = (source: ScenarioSource): Promise<Loaded> => loader.call("load", "loadScenarios", source);

const scenario = (name?: string): string => `defineScenario({
  ${name === undefined ? "" : `name: ${JSON.stringify(name)},`}
  doc: "A scenario of a test." as string,
  body: async () => {},
})`;

const importing = `import { defineScenario } from "wavetank";\n`;

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => new Error("it did not reject"),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe("finding scenario files", () => {
  it("takes TypeScript below scenarios, but no helpers, no declarations and no corpus", async () => {
    for (const path of [
      "b.ts",
      "a/c.ts",
      "_shared.ts",
      "a/_x.ts",
      "types.d.ts",
      "corpus/old.ts",
      "a/corpus/old.ts",
      "x.md",
    ]) {
      write(`scenarios/${path}`, "");
    }
    write("other.ts", "");
    const source = await findScenarioFiles(directory);
    expect(source.files).toEqual([join(directory, "scenarios/a/c.ts"), join(directory, "scenarios/b.ts")]);
    expect(source.isDefault).toBe(true);
  });

  it("says where it looked when there is none", async () => {
    expect(await messageOf(findScenarioFiles(directory))).toContain(`no file fits scenarios/**/*.ts in ${directory}`);
    expect(await messageOf(findScenarioFiles(directory, ["sim/*.ts"]))).toContain(`sim/*.ts in ${directory}`);
  });

  it("does not mind a folder called corpus above the project", async () => {
    write("corpus/scenarios/a.ts", "");
    const source = await findScenarioFiles(join(directory, "corpus"));
    expect(source.files).toHaveLength(1);
  });
});

describe("loading scenarios", () => {
  it("takes the name of the file unless the scenario has its own, and remembers the file", async () => {
    const file = write(
      "scenarios/kv-store.ts",
      `${importing}export default ${scenario()};\nexport const other = ${scenario("named")};`,
    );
    const definitions = await loadScenarioFile(file);
    expect(definitions.map(({ name }) => name)).toEqual(["kv-store", "named"]);
    expect(definitions.every((definition) => definition.file === file)).toBe(true);
  });

  it("takes a scenario that is exported twice once", async () => {
    const file = write("scenarios/twice.ts", `${importing}export const one = ${scenario()};\nexport default one;`);
    expect(await loadScenarioFile(file)).toHaveLength(1);
  });

  it("loads TypeScript with enums, without file endings, below a package that is not a module", async () => {
    write("package.json", `{ "type": "commonjs" }`);
    write("scenarios/_level.ts", `export enum Level { Low, High }`);
    const file = write(
      "scenarios/typed.ts",
      `${importing}import { Level } from "./_level";\nexport default ${scenario("typed")};\nexport const level: Level = Level.High;`,
    );
    expect((await loadScenarioFile(file)).map(({ name }) => name)).toEqual(["typed"]);
  });

  it("loads what two modules import, with private fields, below a package that is not a module", async () => {
    write("package.json", `{ "name": "plain" }`);
    write(
      "scenarios/_queue.ts",
      `export class Queue { readonly #waiting: number[] = []; get size(): number { return this.#waiting.length; } }`,
    );
    write(
      "scenarios/_server.ts",
      `import { Queue } from "./_queue.ts";\nexport const size: number = new Queue().size;`,
    );
    const file = write(
      "scenarios/nested.ts",
      `${importing}import { Queue } from "./_queue.ts";\nimport { size } from "./_server.ts";\nnew Queue();\nexport default ${scenario("nested")};\nexport const shown: number = size;`,
    );
    expect((await loadScenarioFile(file)).map(({ name }) => name)).toEqual(["nested"]);
  });

  it("refuses two scenarios of one name and names both files", async () => {
    write("scenarios/a.ts", `${importing}export default ${scenario("same")};`);
    write("scenarios/b.ts", `${importing}export default ${scenario("same")};`);
    const message = await messageOf(loadScenarios(await findScenarioFiles(directory)));
    expect(message).toMatch(/^scenario "same" is defined in .*a\.ts and in .*b\.ts: give one of them another name$/);
  });

  it("passes over a file without a scenario only when nobody asked for it", async () => {
    write("scenarios/a.ts", `${importing}export default ${scenario()};`);
    write("scenarios/notes.ts", `export const notes = 1;`);
    expect(await loadScenarios(await findScenarioFiles(directory))).toHaveLength(1);
    const message = await messageOf(loadScenarios(await findScenarioFiles(directory, ["scenarios/*.ts"])));
    expect(message).toMatch(/notes\.ts exports no scenario: export what defineScenario/);
  });

  it("says that no file defines one when all were passed over", async () => {
    write("scenarios/notes.ts", `export const notes = 1;`);
    const message = await messageOf(loadScenarios(await findScenarioFiles(directory)));
    expect(message).toContain("no scenario found: none of 1 files");
  });
});

describe("a scenario file that cannot be loaded", () => {
  const cases: readonly { readonly what: string; readonly text: string; readonly message: RegExp }[] = [
    {
      what: "throws",
      text: `const settings: { size?: number } = {};\n\nif (settings.size === undefined) throw new RangeError("no size");`,
      message: /bad\.ts threw RangeError while it was loaded: no size \(.*bad\.ts:3:\d+\)$/,
    },
    {
      what: "throws what is no error",
      text: `throw "nothing in particular";`,
      message: /bad\.ts threw "nothing in particular" while it was loaded$/,
    },
    {
      what: "is no TypeScript",
      text: `export default {\n  a: 1 + + };`,
      message: /bad\.ts is no valid TypeScript: .*Unexpected "}" \(.*bad\.ts:2:\d+\)$/,
    },
    {
      what: "imports a package that is not installed",
      text: `import { x } from "not-installed";\nexport default x;`,
      message: /bad\.ts cannot be loaded: Cannot find package 'not-installed' imported from .*bad\.ts$/,
    },
    {
      what: "imports a file that is not there",
      text: `import { x } from "./missing.ts";\nexport default x;`,
      message: /bad\.ts cannot be loaded: Cannot find module .*missing\.ts/,
    },
    {
      what: "describes a scenario wrongly",
      text: `${importing}export default defineScenario({ doc: "x", durration: "5s", body: async () => {} } as never);`,
      message: /bad\.ts cannot be used: .*unknown option "durration"; did you mean "duration"/,
    },
  ];

  for (const { what, text, message } of cases) {
    it(`and ${what} is named in one line, with the place and without a stack`, async () => {
      const said = await messageOf(loadScenarioFile(write("scenarios/bad.ts", text)));
      expect(said).toMatch(message);
      expect(said).not.toMatch(/\n|\bat /);
    });
  }
});
