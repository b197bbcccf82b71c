/**
 * Checking mode for the rule on promises: a promise handed to a process is settled only by an event dispatched to that
 * process. Every promise is tagged with the process that was current when it was made; a continuation that runs under
 * another one, or under none, or after its owner's death, ends the run as nondeterminism. The price is about a fifth
 * of the kernel's speed, and it is per thread, so it is on only where it was asked for.
 */
import { promiseHooks } from "node:v8";
import { current } from "./current.ts";
import { placeOf } from "./place.ts";
import { Process } from "./process.ts";

/** Watches the promises of this thread until the returned function is called. */
export function watchPromises(): () => void {
  const owners = new WeakMap<Promise<unknown>, Process>();
  return promiseHooks.createHook({
    init(promise: Promise<unknown>) {
      const running = current.process;
      if (running instanceof Process) owners.set(promise, running);
    },
    before(promise: Promise<unknown>) {
      const owner = owners.get(promise);
      if (owner === undefined) return;
      if (owner === current.process && owner.isAlive) return;
      blame(owner);
    },
    settled(promise: Promise<unknown>) {
      const owner = owners.get(promise);
      if (owner !== undefined && owner !== current.process) blame(owner);
    },
  }) as () => void;
}

function blame(owner: Process): void {
  const running = current.process;
  if (!owner.isAlive && running === owner) return;
  const under = running === null ? "no process" : running.label;
  owner.kernel.fail({
    rule: "nondeterminism",
    subject: "foreign promise",
    message:
      `a promise of ${owner.label}${owner.isAlive ? "" : ", which has ended,"} was settled or continued under ${under}: ` +
      "processes share no memory, so a promise may be settled only by an event of its own process",
    process: running?.label ?? null,
    place: placeOf(new Error()),
  });
}
