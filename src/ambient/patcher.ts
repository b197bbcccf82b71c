/**
 * Carries out replacements and remembers them. Every property goes back to its old descriptor when undone; replacements
 * that somebody captured meanwhile keep working and act as the original, since nobody is current then.
 * Properties that Node made unconfigurable cannot be replaced and are left alone (`process.exitCode` is one).
 */
import type { AnyFunction, Members, Patch } from "./definition.ts";
import { current } from "../kernel/current.ts";
import { leakOf, refuseCall } from "./trap.ts";

interface Undo {
  readonly target: object;
  readonly key: PropertyKey;
  readonly descriptor: PropertyDescriptor | undefined;
}

/** A global function in its present, replaced form. */
interface Replaced {
  readonly target: object;
  readonly key: PropertyKey;
  readonly value: unknown;
}

export class Patcher implements Patch {
  readonly #undo: Undo[] = [];
  readonly #globals: Replaced[] = [];
  readonly #replacements = new Map<AnyFunction, AnyFunction>();

  builtin(name: string): Members | undefined {
    return process.getBuiltinModule(`node:${name}`) as Members | undefined;
  }

  method(target: object | undefined, key: PropertyKey, make: (original: AnyFunction) => AnyFunction): void {
    if (target === undefined) return;
    const value: unknown = Reflect.get(target, key); // a lazy global turns from accessor to data when first read
    const descriptor = Object.getOwnPropertyDescriptor(target, key) ?? inherited(value);
    if (descriptor === undefined) return;
    if (descriptor.get === undefined) {
      if (typeof descriptor.value !== "function") return;
      this.#define(target, key, { ...descriptor, value: this.#replacement(descriptor.value as AnyFunction, make) });
      return;
    }
    this.getter(target, key, (original) => (self) => {
      const value: unknown = original(self);
      return typeof value === "function" ? this.#replacement(value as AnyFunction, make) : value;
    });
  }

  getter(target: object | undefined, key: PropertyKey, make: (read: (self: any) => any) => (self: any) => any): void {
    const descriptor = target === undefined ? undefined : Object.getOwnPropertyDescriptor(target, key);
    if (target === undefined || descriptor === undefined) return;
    const { get, set, enumerable } = descriptor;
    let value: unknown = descriptor.value;
    const read = make(get === undefined ? () => value : (self: unknown) => Reflect.apply(get, self, []) as unknown);
    const write =
      get === undefined
        ? (_self: unknown, next: unknown): void => void (value = next)
        : set && ((self: unknown, next: unknown): void => set.call(self, next));
    const replacement: PropertyDescriptor = {
      configurable: true,
      enumerable: enumerable ?? false,
      get(this: unknown): unknown {
        return read(this);
      },
    };
    if (write !== undefined) {
      replacement.set = function (this: unknown, next: unknown): void {
        refuseCall(`assigning to ${String(key)}`, "processes share no memory");
        write(this, next);
      };
    }
    this.#define(target, key, replacement);
  }

  refuse(target: object | undefined, keys: readonly PropertyKey[], prefix: string, instead: string): void {
    for (const key of keys) {
      const api = prefix === "" ? String(key) : `${prefix}.${String(key)}`;
      this.method(target, key, (original) => refusing(original, api, instead));
    }
  }

  /**
   * Replaces again what somebody has put back: test runners save and restore timers around what they do, and may have
   * saved them before the patches.
   */
  reassert(): void {
    for (const { target, key, value } of this.#globals) {
      if (Reflect.get(target, key) === value) continue;
      const descriptor = Object.getOwnPropertyDescriptor(target, key);
      if (descriptor?.configurable !== true) continue;
      const enumerable = descriptor.enumerable ?? false;
      Object.defineProperty(target, key, { configurable: true, enumerable, writable: true, value });
    }
  }

  /** Puts every original back, last first. */
  undo(): void {
    for (const { target, key, descriptor } of this.#undo.reverse()) {
      if (descriptor === undefined) Reflect.deleteProperty(target, key);
      else Object.defineProperty(target, key, descriptor);
    }
    this.#undo.length = 0;
    this.#globals.length = 0;
    this.#replacements.clear();
  }

  #replacement(original: AnyFunction, make: (original: AnyFunction) => AnyFunction): AnyFunction {
    const known = this.#replacements.get(original);
    if (known !== undefined) return known;
    const replacement = make(original);
    impersonate(replacement, original);
    this.#replacements.set(original, replacement);
    this.#replacements.set(replacement, replacement);
    const prototype = original.prototype as object | undefined;
    const link = prototype && Object.getOwnPropertyDescriptor(prototype, "constructor");
    if (link?.value === original) this.#define(prototype!, "constructor", { ...link, value: replacement });
    return replacement;
  }

  #define(target: object, key: PropertyKey, descriptor: PropertyDescriptor): void {
    const before = Object.getOwnPropertyDescriptor(target, key);
    if (before !== undefined && "value" in descriptor && before.value === descriptor.value) return;
    if (before?.configurable === false && !(before.writable === true && "value" in descriptor)) return;
    Object.defineProperty(target, key, descriptor);
    this.#undo.push({ target, key, descriptor: before });
    const isGlobal = target === globalThis || target === process;
    if (isGlobal && "value" in descriptor) this.#globals.push({ target, key, value: descriptor.value });
  }
}

/** The function, and with it its function members: `fs.realpath.native`, `exec[promisify.custom]`. */
function refusing(original: AnyFunction, api: string, instead: string): AnyFunction {
  const refused = refusingCall(original, api, instead);
  for (const key of Reflect.ownKeys(original)) {
    const member = Object.getOwnPropertyDescriptor(original, key)!;
    if (key === "prototype" || typeof member.value !== "function") continue;
    const memberApi = typeof key === "symbol" ? api : `${api}.${key}`;
    const value = refusingCall(member.value as AnyFunction, memberApi, instead);
    impersonate(value, member.value as AnyFunction);
    Object.defineProperty(refused, key, { ...member, value });
  }
  return refused;
}

/** A function that throws the leak error of whoever is current, and is the original when nobody is. */
function refusingCall(original: AnyFunction, api: string, instead: string): AnyFunction {
  const refused = function (this: unknown, ...args: unknown[]): unknown {
    const running = current.process;
    if (running !== null) {
      const error = leakOf(running, api, instead);
      if (error !== null) throw error;
    }
    if (new.target === undefined) return Reflect.apply(original, this, args) as unknown;
    return Reflect.construct(original, args, new.target === refused ? original : new.target) as unknown;
  };
  return refused;
}

/** Gives a replacement the name, length, prototype and own properties of the original, save those it already set. */
function impersonate(replacement: AnyFunction, original: AnyFunction): void {
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key)!;
    if (key === "prototype") Reflect.set(replacement, key, descriptor.value);
    else if (key === "name" || key === "length" || !Object.hasOwn(replacement, key)) {
      Object.defineProperty(replacement, key, descriptor);
    }
  }
  Object.setPrototypeOf(replacement, Object.getPrototypeOf(original) as object | null);
}

/** A function found on the prototype chain, to be replaced on the object itself; hidden from enumeration. */
function inherited(value: unknown): PropertyDescriptor | undefined {
  return typeof value === "function" ? { value, writable: true, configurable: true, enumerable: false } : undefined;
}
