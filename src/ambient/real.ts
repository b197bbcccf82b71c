/**
 * The real originals that the tank itself needs, captured when this module loads, before anything is patched. They stay
 * real whoever is current: for budgets, watchdogs, progress and the like, never for anything that enters a run.
 * Modules that must stay real import from here instead of capturing globals themselves, since they may load later.
 */
import { performance as nodePerformance } from "node:perf_hooks";

/** The real monotonic clock: milliseconds since the thread started, with fractions. */
export const performanceNow: () => number = nodePerformance.now.bind(nodePerformance);
/** The real `Date`, whose time zone and clock are the machine's. */
export const RealDate: DateConstructor = Date;
/** The real `Date.parse`: texts without a zone are read in the machine's. */
export const dateParse: (text: string) => number = Date.parse;
/** The real `JSON.parse`, whose messages are the engine's. */
export const jsonParse: typeof JSON.parse = JSON.parse;
/** Working directory when the tank was loaded; places in messages are relative to it. */
export const workingDirectory: string = process.cwd();
