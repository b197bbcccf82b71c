/**
 * Every group of leaks. Load it after `installAmbient`, as a worker loads the code under test: what the groups capture
 * at their top is then already guarded.
 */
import type { LeakGroup } from "./leak.ts";
import { clocks } from "./clocks.ts";
import { entropy } from "./entropy.ts";
import { facts } from "./facts.ts";
import { locales } from "./locales.ts";
import { outside } from "./outside.ts";
import { timers } from "./timers.ts";

export const corpus: readonly LeakGroup[] = [clocks, timers, entropy, locales, facts, outside];
