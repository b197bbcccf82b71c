/**
 * The PostgreSQL contract on a real server. Where there is none for the platform, WAVETANK_NO_POSTGRES=1 leaves it out;
 * otherwise a server that does not start is a failure.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CuttingProxy } from "./postgres/cutting-proxy.ts";
import { postgresCases } from "./postgres.contract.ts";
import { contractLimit } from "./postgres/simulated.ts";
import { realClient } from "./postgres/real-client.ts";
import { isWithoutPostgres, RealServer } from "./postgres/real-server.ts";

const settings = [
  `max_connections=${contractLimit}`,
  "superuser_reserved_connections=0",
  "reserved_connections=0",
  "max_wal_senders=0",
  "autovacuum=off",
  "deadlock_timeout=20ms",
];

let server: RealServer;
let proxy: CuttingProxy;

beforeAll(async () => {
  if (isWithoutPostgres) process.stderr.write("WAVETANK_NO_POSTGRES=1: the contract is not held against PostgreSQL\n");
  else {
    server = await RealServer.launch(settings);
    proxy = await CuttingProxy.launch(server.port);
  }
});

afterAll(async () => {
  if (isWithoutPostgres) return;
  await proxy.remove();
  await server.remove();
});

describe("a real PostgreSQL server", () => {
  it.each(postgresCases.map((each, index) => ({ ...each, index })))("$title", async ({ run, expected, index }) => {
    if (isWithoutPostgres) return;
    const sleep = (millis: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, millis));
    const outcome = await run({
      postgres: realClient(server.config),
      fragile: realClient({ ...server.config, port: proxy.port }),
      breakCalls(when) {
        proxy.when = when;
        return () => (proxy.when = null);
      },
      nobody: realClient({ ...server.config, port: 1 }),
      table: `contract_${index}`,
      limit: contractLimit,
      sleep,
      async crash() {
        await server.stop("immediate");
        await server.start();
      },
      async stop() {
        await server.stop("fast");
        return () => server.start();
      },
    });
    expect(outcome).toEqual(expected);
    // The server lets a session go a little after its client did.
    await sleep(20);
  });
});
