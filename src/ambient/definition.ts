/**
 * What a family of ambient APIs is: a value that replaces its members through `Patch`, so that each replacement is
 * recorded once and can be undone. Replacements decide at the call who is current; with nobody current they are the
 * original.
 */

/** Any function of the platform: what it takes and returns is its own business. */
export type AnyFunction = (...args: any[]) => any;
/** An object of the platform, seen as its members. */
export type Members = Record<PropertyKey, any>;

export interface AmbientFamily {
  readonly family: string;
  readonly doc: string;
  install(patch: Patch): void;
}

/** How a family replaces members. Members that this Node does not have are passed over in silence. */
export interface Patch {
  /** A builtin module's own exports object, or undefined where this Node lacks it. */
  builtin(name: string): Members | undefined;
  /**
   * Replaces a function. The replacement takes over name, length, prototype and every own property; the same original
   * gets the same replacement wherever it is found, so that `setTimeout === timers.setTimeout` stays true.
   */
  method(target: object | undefined, key: PropertyKey, make: (original: AnyFunction) => AnyFunction): void;
  /** Replaces how a member is read, be it data or an accessor; writing to it works as before. */
  getter(
    target: object | undefined,
    key: PropertyKey,
    make: (original: (self: any) => any) => (self: any) => any,
  ): void;
  /** Functions and classes that no process may reach: called while one is current they throw its leak error. */
  refuse(target: object | undefined, keys: readonly PropertyKey[], prefix: string, instead: string): void;
}

/** Declares a family; one line in `registry.ts` takes it into use. */
export function defineAmbient(family: AmbientFamily): AmbientFamily {
  return family;
}

/** Own function members of a module or class, `except` left out. */
export function functionsOf(target: object | undefined, except: readonly string[] = []): string[] {
  if (target === undefined) return [];
  return Object.getOwnPropertyNames(target).filter((key) => {
    if (except.includes(key) || key === "constructor") return false;
    const descriptor = Object.getOwnPropertyDescriptor(target, key)!;
    return descriptor.get !== undefined ? /^[A-Z][a-z]|^opendir/.test(key) : typeof descriptor.value === "function";
  });
}
