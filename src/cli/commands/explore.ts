/** `wavetank explore`: walks every state of a protocol's core in a model of what is around it. */
import { setImmediate } from "node:timers/promises";
import type { ExploredCore, ExploredWorld } from "../../report/explored.ts";
import type { ExplorableWorld } from "../../models/explorable.ts";
import type { ExplorationProgress } from "../../explore/exploration.ts";
import type { NamedCore } from "../planted-cores.ts";
import type { Output, Terminal } from "../terminal.ts";
import { UsageError } from "../../base/errors.ts";
import { defineCommand, onOff, valued } from "../command.ts";
import { exitCodeOf, exitCodes } from "../exit-codes.ts";
import { chosen, someText } from "../flag-values.ts";

const flags = {
  core: valued(
    "--core <name>",
    "a historic protocol or a planted bug in its place",
    someText("--core", "a name, like v0"),
  ),
  json: onOff("--json", "print one JSON document"),
};

export const exploreCommand = defineCommand({
  name: "explore",
  args: "[core]",
  doc: "Walk every state of a protocol and what it can meet; all protocols unless told which.",
  flags,
  examples: ["explore", "explore mesh", "explore mesh --core v0", "explore fencing --json"],
  run: async (terminal, [name], given) => {
    const { namedCores } = await import("../planted-cores.ts");
    const all = namedCores();
    const cores = name === undefined ? all : all.filter(({ id }) => id === chosenCore(name, all));
    const planted = given.core === undefined ? null : chosenPlant(given.core, cores);
    const view = await openProgress(terminal, given.json === true);
    const { watchInterruption } = await import("../interruption.ts");
    const interruption = watchInterruption(terminal, false);
    const explored: ExploredCore[] = [];
    const { exploredLines } = await import("../../report/text/explored-text.ts");
    try {
      for (const core of cores.filter((each) => planted === null || planted in each.planted)) {
        const result = await exploreCore(core, planted, view, interruption.signal);
        view.clear();
        if (given.json !== true)
          terminal.out.lines([...(explored.length === 0 ? [] : [""]), ...exploredLines(result, terminal.out.style)]);
        explored.push(result);
        if (result.isInterrupted) break;
      }
    } finally {
      view.end();
      interruption.release();
    }
    const exitCode = await exitCodeFor(explored);
    if (given.json === true) {
      const { exploreDocument } = await import("../../report/explored-document.ts");
      const { documentText } = await import("../../report/document-of.ts");
      terminal.out.text(documentText(exploreDocument(name === undefined ? "all" : cores[0]!.id, explored, exitCode)));
    }
    return exitCode;
  },
});

function chosenCore(name: string, all: readonly NamedCore[]): string {
  return chosen(
    "core",
    name,
    all.map(({ id }) => id),
  );
}

function chosenPlant(name: string, cores: readonly NamedCore[]): string {
  const known = cores.flatMap(({ planted }) => Object.keys(planted));
  if (known.length > 0) return chosen("value of --core", name, known);
  throw new UsageError(`--core "${name}": nothing can be planted in ${cores.map(({ id }) => id).join(", ")}`);
}

/** Explores a core's worlds one after the other, up to the first that breaks it. */
async function exploreCore(
  { id, liveness, worlds, planted }: NamedCore,
  plant: string | null,
  view: ProgressView,
  signal: AbortSignal,
): Promise<ExploredCore> {
  const explored: ExploredWorld[] = [];
  for (const world of plant === null ? worlds : planted[plant]!) {
    const result = await exploreWorld(world, (progress) => view.show(`${id}: ${world.title}`, progress), signal);
    if (result === null) return { core: id, planted: plant, liveness, worlds: explored, isInterrupted: true };
    explored.push(result);
    if (result.violation !== null) break;
  }
  return { core: id, planted: plant, liveness, worlds: explored, isInterrupted: false };
}

/** Null when it was interrupted. Lets signals through between slices. */
async function exploreWorld(
  world: ExplorableWorld,
  onProgress: (progress: ExplorationProgress) => void,
  signal: AbortSignal,
): Promise<ExploredWorld | null> {
  const began = performance.now();
  const exploring = world.explore();
  for (;;) {
    const { done, value } = exploring.next();
    if (done === true) return { ...value, wallMicros: Math.round((performance.now() - began) * 1_000) };
    onProgress(value);
    await setImmediate();
    if (signal.aborted) return null;
  }
}

async function exitCodeFor(explored: readonly ExploredCore[]): Promise<number> {
  const { coverageOf, violatedWorld } = await import("../../report/explored.ts");
  if (explored.some((core) => violatedWorld(core) !== null)) return exitCodeOf("violated");
  if (explored.some(({ isInterrupted }) => isInterrupted)) return exitCodes.interrupted;
  if (explored.some(({ worlds }) => worlds.some(({ isComplete }) => !isComplete))) return exitCodeOf("out-of-budget");
  const hasGap = explored.some((core) => core.planted === null && coverageOf(core).never.length > 0);
  return hasGap ? exitCodes.vacuous : exitCodes.passed;
}

interface ProgressView {
  readonly show: (what: string, progress: ExplorationProgress) => void;
  readonly clear: () => void;
  readonly end: () => void;
}

const frameMillis = 100;

/** How far the present world is, redrawn on a terminal; nothing elsewhere. */
async function openProgress(terminal: Terminal, takesOutput: boolean): Promise<ProgressView> {
  const drawn = [...(takesOutput ? [] : [terminal.out]), terminal.err].find((output: Output) => output.isTty);
  if (drawn === undefined) return { show: () => undefined, clear: () => undefined, end: () => undefined };
  const [{ createLogUpdate }, { grouped }] = await Promise.all([
    import("log-update"),
    import("../../report/text/quantity.ts"),
  ]);
  const frame = createLogUpdate(drawn.stream);
  let shownAt = -Infinity;
  return {
    show: (what, { states, transitions, waiting }) => {
      const now = performance.now();
      if (now - shownAt < frameMillis) return;
      shownAt = now;
      frame(` ${what} · ${grouped(states)} states, ${grouped(transitions)} transitions, ${grouped(waiting)} waiting`);
    },
    clear: () => frame.clear(),
    end: () => {
      frame.clear();
      frame.done();
    },
  };
}
