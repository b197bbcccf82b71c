/** Every command, in the order of help texts. Parsing, help and the nearest match of a wrong name are derived from it. */
import type { Command } from "./command.ts";
import { benchCommand } from "./commands/bench.ts";
import { bugsCommand } from "./commands/bugs.ts";
import { exploreCommand } from "./commands/explore.ts";
import { listCommand } from "./commands/list.ts";
import { replayCommand } from "./commands/replay.ts";
import { runCommand } from "./commands/run.ts";
import { showCommand } from "./commands/show.ts";
import { shrinkCommand } from "./commands/shrink.ts";

export const commands: readonly Command[] = [
  runCommand,
  replayCommand,
  shrinkCommand,
  bugsCommand,
  exploreCommand,
  listCommand,
  showCommand,
  benchCommand,
];
