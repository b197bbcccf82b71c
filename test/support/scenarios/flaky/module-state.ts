/** Fails only after other runs in the same thread: the module counts its runs. */
import { defineScenario } from "wavetank";

const runs = { count: 0 };

export default defineScenario({
  doc: "Fails from the fourth run in one thread on.",
  duration: "1s",
  async body({ world }) {
    await world.sleep("1ms");
    runs.count++;
    if (runs.count > 3) throw Object.assign(new Error("too many runs"), { code: "ETOOMANY" });
  },
});
