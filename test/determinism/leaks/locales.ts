/** The machine's locale and time zone, also by formatters that were made before the run. */
import type { LeakGroup } from "./leak.ts";

const early = new Intl.NumberFormat();
const bound = new Intl.DateTimeFormat("en-US", { timeZone: "UTC" }).format;

export const locales: LeakGroup = {
  file: import.meta.url,
  refusedIn: "ports",
  leaks: [
    { id: "date-format", api: "Intl.DateTimeFormat", run: () => new Intl.DateTimeFormat() }, // leak: date-format
    { id: "date-format-called", api: "Intl.DateTimeFormat", run: () => Intl.DateTimeFormat("de") }, // leak: date-format-called
    { id: "number-format-early", api: "Intl.NumberFormat", run: () => early.format(1) }, // leak: number-format-early
    { id: "format-now", api: "Intl.DateTimeFormat.format", run: () => bound() }, // leak: format-now
    { id: "collator", api: "Intl.Collator", run: () => new Intl.Collator([]) }, // leak: collator
    { id: "compare", api: "String.prototype.localeCompare", run: () => "a".localeCompare("b") }, // leak: compare
    {
      id: "compare-sort",
      api: "String.prototype.localeCompare",
      run: () => ["b", "a"].toSorted((a, b) => a.localeCompare(b)), // leak: compare-sort
    },
    { id: "upper", api: "String.prototype.toLocaleUpperCase", run: () => "i".toLocaleUpperCase() }, // leak: upper
    { id: "number", api: "Number.prototype.toLocaleString", run: () => (1.5).toLocaleString() }, // leak: number
    { id: "array", api: "Number.prototype.toLocaleString", run: () => [1.5].toLocaleString() }, // leak: array
    { id: "date", api: "Date.prototype.toLocaleString", run: () => new Date(0).toLocaleString() }, // leak: date
    { id: "date-zone", api: "Date.prototype.toLocaleDateString", run: () => new Date(0).toLocaleDateString("de") }, // leak: date-zone
  ],
};
