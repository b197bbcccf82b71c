/** Every family of ambient APIs, in the order they are installed: clocks before what is built on them. */
import { asyncContext } from "./async-context.ts";
import { crypto } from "./apis/entropy/crypto.ts";
import { random } from "./apis/entropy/random.ts";
import { json } from "./apis/language/json.ts";
import { weakReferences } from "./apis/language/weak-references.ts";
import { intl } from "./apis/locale/intl.ts";
import { localeMethods } from "./apis/locale/locale-methods.ts";
import { consoleOutput } from "./apis/process/console.ts";
import { hostFacts } from "./apis/process/host-facts.ts";
import { processFacts } from "./apis/process/process-facts.ts";
import { standardStreams } from "./apis/process/standard-streams.ts";
import { ticks } from "./apis/process/ticks.ts";
import { compression } from "./apis/refused/compression.ts";
import { engine } from "./apis/refused/engine.ts";
import { files } from "./apis/refused/files.ts";
import { sockets } from "./apis/refused/sockets.ts";
import { threads } from "./apis/refused/threads.ts";
import { date } from "./apis/time/date.ts";
import { performanceClock } from "./apis/time/performance.ts";
import { processClock } from "./apis/time/process-clock.ts";
import { temporal } from "./apis/time/temporal.ts";
import { timerPromises } from "./apis/time/timer-promises.ts";
import { timers } from "./apis/time/timers.ts";

export const families = [
  date,
  performanceClock,
  processClock,
  temporal,
  timers,
  timerPromises,
  random,
  crypto,
  intl,
  localeMethods,
  json,
  weakReferences,
  asyncContext,
  ticks,
  consoleOutput,
  standardStreams,
  processFacts,
  hostFacts,
  files,
  sockets,
  threads,
  compression,
  engine,
] as const;
