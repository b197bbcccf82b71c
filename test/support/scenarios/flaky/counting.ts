/** Never does the same twice: what it emits depends on how often the module has run. */
import { defineScenario } from "wavetank";

const runs = { count: 0 };

export default defineScenario({
  doc: "Emits a number that grows from run to run.",
  duration: "1s",
  async body({ world }) {
    await world.sleep("5ms");
    world.emit("counted", ++runs.count);
  },
});
