/**
 * `Intl`: constructors without a locale or time zone use "en-US" and "UTC". A formatter that was made outside a run
 * with the machine's defaults is replaced, when a process uses it, by a twin with the run's. Formats without a date
 * mean now: the host's.
 */
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type AnyFunction, type Members, type Patch } from "../../definition.ts";
import { acting } from "../../trap.ts";
import { explicitLocales, isImplicitLocale, zonedOptions } from "./defaults.ts";

const askClock = "pass the date to format";

export const intl = defineAmbient({
  family: "intl",
  doc: 'Intl without locale or time zone means "en-US" and "UTC".',
  install(patch) {
    for (const name of Object.getOwnPropertyNames(Intl)) {
      const kind = (Intl as unknown as Members)[name] as AnyFunction | undefined;
      if (!/^[A-Z]/.test(name) || name === "Locale" || typeof kind !== "function") continue;
      new IntlClass(name, kind).install(patch);
    }
  },
});

class IntlClass {
  readonly #api: string;
  readonly #isDated: boolean;
  readonly #original: AnyFunction;
  /** Formatters that rest on the machine's defaults, with what they were made from. */
  readonly #implicit = new WeakMap<object, readonly unknown[]>();
  readonly #twins = new WeakMap<object, object>();

  constructor(name: string, original: AnyFunction) {
    this.#api = `Intl.${name}`;
    this.#isDated = name === "DateTimeFormat";
    this.#original = original;
  }

  install(patch: Patch): void {
    const prototype = this.#original.prototype as Members;
    for (const key of Object.getOwnPropertyNames(prototype)) {
      if (key === "constructor") continue;
      if (Object.getOwnPropertyDescriptor(prototype, key)!.get === undefined)
        this.#replaceMethod(patch, prototype, key);
      else this.#replaceBound(patch, prototype, key);
    }
    patch.method(Intl, this.#api.slice(5), (original) => this.#constructorOf(original));
  }

  #constructorOf(original: AnyFunction): AnyFunction {
    const construct = (args: unknown[], target: AnyFunction | undefined): object => {
      const made = current.process === null ? args : this.#explicit(args);
      const result = (target === undefined ? original(...made) : Reflect.construct(original, made, target)) as object;
      if (made === args && this.#isImplicit(args)) this.#implicit.set(result, args);
      return result;
    };
    const replacement = function (...args: unknown[]): object {
      return construct(args, (new.target as unknown) === replacement ? original : new.target);
    };
    return replacement;
  }

  #isImplicit(args: readonly unknown[]): boolean {
    const options = args[1] as { readonly timeZone?: unknown } | undefined | null;
    return isImplicitLocale(args[0]) || (this.#isDated && options?.timeZone === undefined);
  }

  #explicit(args: readonly unknown[]): unknown[] {
    const [locales, options] = args;
    return [explicitLocales(this.#api, locales), this.#isDated ? zonedOptions(this.#api, options) : options];
  }

  /** The formatter to use in place of `self` for whoever is current. */
  #standIn(self: object): object {
    if (current.process === null) return self;
    const args = this.#implicit.get(self);
    if (args === undefined) return self;
    const made = this.#explicit(args);
    let twin = this.#twins.get(self);
    if (twin === undefined) {
      twin = Reflect.construct(this.#original, made) as object;
      this.#twins.set(self, twin);
    }
    return twin;
  }

  /** Arguments of a format, with the host's time where the date was left out. */
  #dated(key: string, args: unknown[]): unknown[] {
    if (!this.#isDated || args[0] !== undefined || current.process === null) return args;
    if (key !== "format" && key !== "formatToParts") return args;
    const host = acting(`${this.#api}.${key}`, askClock);
    return host === null ? args : [host.wallMillis()];
  }

  #replaceMethod(patch: Patch, prototype: Members, key: string): void {
    const standIn = (self: object): object => this.#standIn(self);
    const dated = (args: unknown[]): unknown[] => this.#dated(key, args);
    patch.method(
      prototype,
      key,
      (original) =>
        function (this: object, ...args: unknown[]): unknown {
          return Reflect.apply(original, standIn(this), dated(args)) as unknown;
        },
    );
  }

  /** `format` and `compare` are getters of a function bound to the formatter: the function decides at the call. */
  #replaceBound(patch: Patch, prototype: Members, key: string): void {
    const bound = new WeakMap<object, AnyFunction>();
    patch.getter(prototype, key, (read) => (self: object) => {
      const original: unknown = read(self);
      if (typeof original !== "function") return original;
      const known = bound.get(self);
      if (known !== undefined) return known;
      const call = (...args: unknown[]): unknown =>
        (read(this.#standIn(self)) as AnyFunction)(...this.#dated(key, args)) as unknown;
      Object.defineProperty(call, "length", { value: original.length, configurable: true });
      Object.defineProperty(call, "name", { value: original.name, configurable: true });
      bound.set(self, call);
      return call;
    });
  }
}
