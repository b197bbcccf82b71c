/** Never finishes drawing the plans of some seeds. */
import { defineScenario, fc } from "wavetank";

export default defineScenario({
  doc: "One knob value in eight is never drawn.",
  duration: "1s",
  knobs: {
    endless: fc.nat(7).map((value) => {
      while (value === 3) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_000);
      return value;
    }),
  },
  async body({ world }) {
    await world.sleep("1ms");
  },
});
