/**
 * The locale and zone of every process: "en-US" and "UTC". A locale that ICU does not know falls back to the machine's
 * own, so a known one is always put behind what was asked for.
 */
import { acting } from "../../trap.ts";

const askLocale = 'name the locale: "en-US"';
const askZone = 'name the time zone: { timeZone: "UTC" }';

/** Whether a locale argument leaves the choice to the machine. */
export function isImplicitLocale(locales: unknown): boolean {
  return locales === undefined || (Array.isArray(locales) && locales.length === 0);
}

/** The locales to use for the current process; throws its leak error when it must name one and did not. */
export function explicitLocales(api: string, locales: unknown): string | string[] {
  if (isImplicitLocale(locales)) {
    acting(api, askLocale);
    return "en-US";
  }
  return [...Intl.getCanonicalLocales(locales as string), "en-US"];
}

/** The same for the options of a date format: a time zone is always named. */
export function zonedOptions(api: string, options: unknown): unknown {
  if (options === null) return options;
  const given = options as { readonly timeZone?: string } | undefined;
  if (given?.timeZone !== undefined) return options;
  acting(api, askZone);
  return given === undefined
    ? { timeZone: "UTC" }
    : Object.create(Object(given) as object, { timeZone: { value: "UTC", enumerable: true } });
}
