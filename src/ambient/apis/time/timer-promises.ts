/** `node:timers/promises` (also behind `util.promisify(setTimeout)`) and `AbortSignal.timeout`, on virtual timers. */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { defineAmbient, type AnyFunction, type Members, type Patch } from "../../definition.ts";
import { acting } from "../../trap.ts";
import { Immediate, Timeout } from "./virtual-timer.ts";

interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
}
type Start = (fire: () => void) => { close(): unknown };

const askPort = "use host.sleep()";

/** What an aborted wait rejects with, in the shape of Node's own. */
class AbortError extends Error {
  override readonly name = "AbortError";
  readonly code = "ABORT_ERR";

  constructor(signal: AbortSignal) {
    super("The operation was aborted", { cause: signal.reason });
  }
}

export const timerPromises = defineAmbient({
  family: "timer-promises",
  doc: "timers/promises and AbortSignal.timeout wait in virtual time.",
  install(patch) {
    const module = patch.builtin("timers/promises")!;
    const timeout = (owner: AmbientProcess, delay: unknown): Start => {
      return (fire) => new Timeout(owner, delay, false, fire, []);
    };
    replace(patch, module, "setTimeout", "setTimeout", (owner, [delay, value, options]) =>
      wait(timeout(owner, delay), value, options),
    );
    replace(patch, module, "setImmediate", "setImmediate", (owner, [value, options]) =>
      wait((fire) => new Immediate(owner, fire, []), value, options),
    );
    replace(patch, module, "setInterval", "setInterval", (owner, [delay, value, options]) =>
      ticks(owner, delay, value, options),
    );
    const scheduler = Object.getPrototypeOf(module["scheduler"]) as Members;
    replace(patch, scheduler, "wait", "scheduler.wait", (owner, [delay, options]) =>
      wait(timeout(owner, delay), undefined, options),
    );
    replace(patch, scheduler, "yield", "scheduler.yield", (owner) =>
      wait((fire) => new Immediate(owner, fire, []), undefined, undefined),
    );
    patch.method(AbortSignal, "timeout", (original) => (delay: unknown) => {
      const owner = acting("AbortSignal.timeout", askPort);
      if (owner === null || typeof delay !== "number" || !(delay >= 0)) return original(delay) as unknown;
      const controller = new AbortController();
      const expire = (): void => {
        controller.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
      };
      void new Timeout(owner, delay, false, expire, []);
      return controller.signal;
    });
  },
});

function replace(
  patch: Patch,
  target: Members,
  key: string,
  name: string,
  act: (owner: AmbientProcess, args: any[]) => unknown,
): void {
  patch.method(
    target,
    key,
    (original: AnyFunction) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const owner = acting(`timers.promises.${name}`, askPort);
        return owner === null ? (Reflect.apply(original, this, args) as unknown) : act(owner, args);
      },
  );
}

function wait(start: Start, value: unknown, options: WaitOptions | undefined): Promise<unknown> {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(new AbortError(signal));
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      timer.close();
      reject(new AbortError(signal!));
    };
    const timer = start(() => {
      signal?.removeEventListener("abort", abort);
      resolve(value);
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** One value each interval; ticks that nobody waited for are delivered at once, none is lost. */
async function* ticks(
  owner: AmbientProcess,
  delay: unknown,
  value: unknown,
  options: WaitOptions | undefined,
): AsyncGenerator<unknown> {
  const signal = options?.signal;
  if (signal?.aborted) throw new AbortError(signal);
  let pending = 0;
  let wake: (() => void) | undefined;
  const count = (): void => {
    pending++;
    wake?.();
  };
  const abort = (): void => wake?.();
  const timer = new Timeout(owner, delay, true, count, []);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    while (!signal?.aborted) {
      if (pending === 0) await new Promise<void>((resolve) => (wake = resolve));
      for (; pending > 0; pending--) yield value;
    }
    throw new AbortError(signal);
  } finally {
    timer.close();
    signal?.removeEventListener("abort", abort);
  }
}
