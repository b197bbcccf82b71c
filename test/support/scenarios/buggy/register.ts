/** A register on one server. Sound as it stands; three bugs can be planted, one of which nothing can catch. */
import { defineBug, defineInvariant, defineScenario, fc, type Host } from "wavetank";
import { crash } from "wavetank/faults";

interface Policies {
  /** What a write stores. */
  stored(value: number): number;
  /** Whether a write is answered only when it is durable. */
  isDurableFirst(): boolean;
  /** What nobody can see. */
  colour(): string;
}

const policies: Policies = { stored: (value) => value, isDurableFirst: () => true, colour: () => "blue" };

const readsLastWrite = defineInvariant<{ last: number | null }, { written: number; read: number | null }>({
  id: "REG-1",
  doc: "A read returns the last acknowledged write.",
  state: () => ({ last: null }),
  on: {
    written: (state, value) => {
      state.last = value;
    },
    read: (state, value) =>
      value === state.last ? undefined : { subject: "register", expected: state.last, observed: value },
  },
});

const small = defineInvariant<null, { read: number | null }>({
  id: "REG-2",
  doc: "A read is never above 9.",
  state: () => null,
  on: { read: (_state, value) => (value !== null && value > 9 ? { expected: 9, observed: value } : undefined) },
});

async function server(host: Host, { stored, isDurableFirst, colour }: Policies): Promise<void> {
  let value = (await host.disk.read<number>("value")) ?? null;
  colour();
  await host.listen(7000, async (request: { write?: number }) => {
    if (request.write === undefined) return value;
    value = stored(request.write);
    if (isDurableFirst()) await host.disk.write("value", value);
    else setTimeout(() => void host.disk.write("value", value), 500);
    return value;
  });
}

export default defineScenario<Policies>({
  doc: "A register keeps what was written to it.",
  duration: "10s",
  ops: { write: fc.nat(9), read: fc.constant(null) },
  opsCount: { min: 10, max: 30 },
  faults: [crash({ on: ["server"] })],
  faultsCount: { min: 0, max: 4 },
  invariants: [readsLastWrite, small],
  policies,
  bugs: [
    defineBug<Policies>({
      id: "REG-LAZY",
      title: "Answers before the value is durable.",
      source: "made up",
      breaks: "REG-1",
      policies: { isDurableFirst: () => false },
    }),
    defineBug<Policies>({
      id: "REG-TEN",
      title: "Stores ten times the value: caught by another invariant than it says.",
      source: "made up",
      breaks: "REG-2",
      policies: { stored: (value) => (value === 7 ? 8 : value) },
    }),
    defineBug<Policies>({
      id: "REG-COLOUR",
      title: "Changes what nobody can see.",
      source: "made up",
      breaks: "REG-1",
      policies: { colour: () => "red" },
    }),
  ],
  async body({ world, run, policies: chosen }) {
    world.host("server").start((host) => server(host, chosen), { restart: "always" });
    const client = world.host("client");
    const insist = async (request: { write?: number }): Promise<unknown> => {
      for (;;) {
        const answer: unknown = await client.call("server:7000", request, { timeout: "300ms" }).catch(() => undefined);
        if (answer !== undefined) return answer;
        await world.sleep("20ms");
      }
    };
    await run({
      write: async (value: number) => {
        await insist({ write: value });
        world.emit("written", value);
      },
      read: async () => world.emit("read", (await insist({})) as number | null),
    });
  },
});
