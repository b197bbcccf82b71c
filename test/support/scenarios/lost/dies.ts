/** Ends its worker thread while plans are drawn, for some seeds. */
import { defineScenario, fc } from "wavetank";

export default defineScenario({
  doc: "One knob value in eight ends the thread.",
  duration: "1s",
  knobs: {
    deadly: fc.nat(7).map((value) => {
      if (value === 3) process.exit(7);
      return value;
    }),
  },
  async body({ world }) {
    await world.sleep("1ms");
  },
});
