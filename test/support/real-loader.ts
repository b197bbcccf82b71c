/**
 * Calls the built loading code in a plain Node thread: vitest, which loads modules its own way, would test its own loader.
 * One thread a test file; modules stay loaded in it, so files must have names of their own.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { UsageError } from "../../src/base/errors.ts";

type Reply = { readonly value: unknown } | { readonly error: { readonly name: string; readonly message: string } };

const code = `
const { parentPort } = require("node:worker_threads");
parentPort.on("message", async ({ module, name, args }) => {
  try {
    const value = await (await import(module))[name](...args);
    parentPort.postMessage({ value: JSON.parse(JSON.stringify(value)) });
  } catch (error) {
    parentPort.postMessage({ error: { name: error.name, message: error.message } });
  }
});`;

/** A thread that calls exports of modules in `dist/scenario`. */
export class RealLoader {
  readonly #worker = new Worker(code, { eval: true });

  /** Calls an export; what it returns comes back as JSON. Rejects as it does, `UsageError` as such. */
  async call<T>(module: string, name: string, ...args: readonly unknown[]): Promise<T> {
    const url = new URL(`../../dist/scenario/${module}.js`, import.meta.url).href;
    const answered = once(this.#worker, "message") as Promise<[Reply]>;
    this.#worker.postMessage({ module: url, name, args });
    const [reply] = await answered;
    if (!("error" in reply)) return reply.value as T;
    const { name: kind, message } = reply.error;
    throw kind === "UsageError" ? new UsageError(message) : new Error(`${kind}: ${message}`);
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }
}
