/**
 * `WeakRef` and `FinalizationRegistry` show when the garbage collector ran. Here a reference made by a process holds its
 * target as long as it lives itself, and a registry never calls back. References made outside a run may already be
 * empty, so reading them is refused.
 */
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type AnyFunction } from "../../definition.ts";
import { acting, refuseCall } from "../../trap.ts";

const askStrong = "the garbage collector's timing is real; hold the object";

export const weakReferences = defineAmbient({
  family: "weak-references",
  doc: "A WeakRef holds its target; a FinalizationRegistry never calls back.",
  install(patch) {
    /** The target is the value, so it lives as long as its reference. */
    const held = new WeakMap<object, object>();
    patch.method(WeakRef.prototype, "deref", (original) => {
      return function (this: object): unknown {
        if (current.process !== null && !held.has(this)) refuseCall("WeakRef.prototype.deref", askStrong);
        return Reflect.apply(original, this, []) as unknown;
      };
    });
    patch.method(globalThis, "WeakRef", (original) => {
      return constructorOf(original, "WeakRef", (args, target) => {
        const reference = Reflect.construct(original, args, target) as object;
        held.set(reference, args[0] as object);
        return reference;
      });
    });
    const registered = new WeakMap<object, WeakSet<object>>();
    patch.method(FinalizationRegistry.prototype, "register", (original) => {
      return function (this: object, ...args: unknown[]): void {
        if (current.process === null) return Reflect.apply(original, this, args) as undefined;
        const tokens = registered.get(this);
        if (tokens === undefined) refuseCall("FinalizationRegistry.prototype.register", askStrong);
        else if (args[2] !== undefined) tokens.add(args[2] as object);
      };
    });
    patch.method(FinalizationRegistry.prototype, "unregister", (original) => {
      return function (this: object, token: object): unknown {
        return registered.get(this)?.delete(token) ?? (Reflect.apply(original, this, [token]) as unknown);
      };
    });
    patch.method(globalThis, "FinalizationRegistry", (original) => {
      return constructorOf(original, "FinalizationRegistry", (args, target) => {
        const registry = Reflect.construct(original, args, target) as object;
        registered.set(registry, new WeakSet());
        return registry;
      });
    });
  },
});

function constructorOf(
  original: AnyFunction,
  api: string,
  construct: (args: unknown[], target: AnyFunction) => object,
): AnyFunction {
  const replacement = function (...args: unknown[]): unknown {
    if (new.target === undefined) return original(...args) as unknown;
    const target = (new.target as unknown) === replacement ? original : (new.target as AnyFunction);
    const owner = acting(api, askStrong);
    return owner === null ? (Reflect.construct(original, args, target) as unknown) : construct(args, target);
  };
  return replacement;
}
