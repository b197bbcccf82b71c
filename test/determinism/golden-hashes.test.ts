/** The same seed is the same run, today and after every change that is not meant to change runs. */
import { writeFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { definitions, pinned, pinsFile, pinsOf, seeds, type Pins } from "./golden-hashes-pins.ts";

const update = "UPDATE_GOLDEN=1 npx vitest run test/determinism/golden-hashes.test.ts";

beforeAll(async () => {
  if (process.env["UPDATE_GOLDEN"] !== "1") return;
  const pins: Pins = {};
  for (const definition of definitions) pins[definition.name] = await pinsOf(definition);
  writeFileSync(pinsFile, `${JSON.stringify(pins, null, 2)}\n`);
});

describe("golden hashes", () => {
  it("are pinned for every scenario and every seed of the list, and for nothing else", () => {
    const expected = definitions.map(({ name }) => [name, seeds]);
    const found = Object.entries(pinned()).map(([name, pins]) => [name, Object.keys(pins)]);
    expect(found, `write them with ${update}`).toEqual(expected);
  });

  it.each(definitions.map((definition) => ({ name: definition.name, definition })))(
    "$name: plans and runs are those that were pinned",
    async ({ name, definition }) => {
      const found = await pinsOf(definition);
      expect(found, `plans or runs have changed; if they were meant to: ${update}`).toEqual(pinned()[name]);
    },
  );

  it("are all different", () => {
    const all = Object.values(pinned()).flatMap((pins) => Object.values(pins));
    expect(new Set(all.map(({ run }) => run)).size).toBe(all.length);
    expect(new Set(all.map(({ plan }) => plan)).size).toBe(all.length);
  });
});
