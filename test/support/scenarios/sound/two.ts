/** Two scenarios in one file, both with names of their own; `steps` is one without ops. */
import { defineScenario, fc } from "wavetank";

const invariants: never[] = [];

export const naps = defineScenario({
  name: "naps",
  doc: "Sleeps as long as the plan says.",
  duration: "2s",
  ops: { nap: fc.integer({ min: 1, max: 100 }) },
  invariants,
  async body({ world, run }) {
    await run({ nap: (millis: number) => world.sleep(`${millis}ms`) });
  },
});

export const steps = defineScenario({
  name: "steps",
  doc: "Ten steps, the length of each a knob.",
  duration: "1s",
  knobs: { millis: fc.integer({ min: 1, max: 20 }) },
  async body({ world, knobs }) {
    for (let step = 0; step < 10; step++) await world.sleep(`${Number(knobs["millis"])}ms`);
  },
});
