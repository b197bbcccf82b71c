/** Declares a fault that cannot bite and a property that is never reached. */
import { defineScenario } from "wavetank";
import { crash } from "wavetank/faults";

export default defineScenario({
  doc: "Does nothing, on no host.",
  duration: "1s",
  faults: [crash()],
  faultsCount: { min: 1, max: 2 },
  sometimes: { never: "it is never reached" },
  async body({ world }) {
    await world.sleep("1ms");
  },
});
