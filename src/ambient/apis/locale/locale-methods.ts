/** Methods of strings, numbers and dates that fall back to the machine's locale: `localeCompare`, `toLocaleString` … */
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type Members, type Patch } from "../../definition.ts";
import { explicitLocales, isImplicitLocale, zonedOptions } from "./defaults.ts";

export const localeMethods = defineAmbient({
  family: "locale-methods",
  doc: 'toLocaleString, localeCompare and the like without locale mean "en-US", in UTC.',
  install(patch) {
    replaceCompare(patch);
    for (const key of ["toLocaleUpperCase", "toLocaleLowerCase"]) {
      replace(patch, "String", String.prototype, key, (api, [locales]) => [explicitLocales(api, locales)]);
    }
    for (const [owner, prototype] of [
      ["Number", Number.prototype],
      ["BigInt", BigInt.prototype],
    ] as const) {
      replace(patch, owner, prototype, "toLocaleString", (api, [locales, options]) => [
        explicitLocales(api, locales),
        options,
      ]);
    }
    for (const key of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]) {
      replace(patch, "Date", Date.prototype, key, (api, [locales, options]) => [
        explicitLocales(api, locales),
        zonedOptions(api, options),
      ]);
    }
    replaceTemporal(patch);
  },
});

/** Sorting calls this often: without locale one collator serves them all. */
function replaceCompare(patch: Patch): void {
  const collator = new Intl.Collator("en-US");
  const compare = collator.compare.bind(collator);
  patch.method(
    String.prototype,
    "localeCompare",
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (current.process === null) return Reflect.apply(original, this, args) as unknown;
        const [that, locales, options] = args;
        const explicit = explicitLocales("String.prototype.localeCompare", locales);
        const isPlain = isImplicitLocale(locales) && options === undefined && this !== undefined && this !== null;
        if (isPlain) return compare(String(this), String(that));
        return Reflect.apply(original, this, [that, explicit, options]) as unknown;
      },
  );
}

function replace(
  patch: Patch,
  owner: string,
  prototype: object,
  key: string,
  explicit: (api: string, args: readonly unknown[]) => unknown[],
): void {
  const api = `${owner}.prototype.${key}`;
  patch.method(
    prototype,
    key,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        return Reflect.apply(original, this, current.process === null ? args : explicit(api, args)) as unknown;
      },
  );
}

/** Temporal's own: a zoned date brings its zone, the plain ones have none. */
function replaceTemporal(patch: Patch): void {
  const temporal = (globalThis as Members)["Temporal"] as Members | undefined;
  if (temporal === undefined) return;
  for (const name of Object.getOwnPropertyNames(temporal)) {
    const prototype = (temporal[name] as { prototype?: object }).prototype;
    if (prototype === undefined) continue;
    replace(patch, `Temporal.${name}`, prototype, "toLocaleString", (api, [locales, options]) => [
      explicitLocales(api, locales),
      name === "Instant" ? zonedOptions(api, options) : options,
    ]);
  }
}
