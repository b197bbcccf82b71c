/**
 * The current process of this thread. Everything a dispatch sets off runs to exhaustion inside it, so a plain variable
 * says who is running; null means the tank itself (or whatever else lives in this thread) is.
 */
import type { Current } from "../ports/ambient.ts";

export const current: Current = { process: null };
