/** Passes as it stands, but lets out V8's own message of an error: only checking mode sees that. */
import { defineScenario, type Host } from "wavetank";

async function server(host: Host): Promise<void> {
  await host.listen(7000, (request: { missing?: { part: string } }) => {
    try {
      return request.missing!.part;
    } catch (error) {
      return (error as Error).message;
    }
  });
}

export default defineScenario({
  doc: "Answers with a message that differs between versions of Node.",
  duration: "1s",
  async body({ world }) {
    world.host("server").start(server);
    await world.sleep("10ms");
    await world.host("client").call("server:7000", {});
  },
});
