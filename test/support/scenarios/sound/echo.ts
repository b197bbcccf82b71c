/** Passes: a server that answers, a client that asks again until it is answered, and a server that crashes. */
import { defineScenario, fc } from "wavetank";
import { crash } from "wavetank/faults";

export default defineScenario({
  doc: "A server echoes, and is restarted when it crashes.",
  duration: "5s",
  ops: { ask: fc.nat(9) },
  opsCount: { min: 5, max: 15 },
  faults: [crash({ on: ["server"] })],
  faultsCount: { min: 0, max: 3 },
  sometimes: { unanswered: "a request got no answer", "process.crashed": "the server crashed" },
  async body({ world, run, sometimes }) {
    world.host("server").start(async (host) => host.listen(7000, (request) => request), { restart: "always" });
    const client = world.host("client");
    const ask = (value: number) => client.call("server:7000", value, { timeout: "200ms" }).catch(() => null);
    await run({
      ask: async (value: number) => {
        for (let answer = await ask(value); answer !== value; answer = await ask(value)) {
          sometimes("unanswered");
          await world.sleep("20ms");
        }
      },
    });
  },
});
