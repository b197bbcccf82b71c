/** Explorations as a table, a row a world; what holds in all of them; and the story of what does not, step by step. */
import { coverageOf, violatedWorld, type ExploredCore, type ExploredWorld } from "../explored.ts";
import type { TextStyle } from "./paint.ts";
import { alignRows, left, right, type Cell } from "./columns.ts";
import { clip, printable, wrap } from "./printable.ts";
import { grouped, span } from "./quantity.ts";

/** All that there is to say about a core. */
export function exploredLines(explored: ExploredCore, style: TextStyle): string[] {
  const { paint, width } = style;
  const name = explored.planted === null ? explored.core : `${explored.core}, planted ${explored.planted}`;
  const heading = [
    left(`  ${name}`, paint.strong),
    ...["states", "transitions", "depth", "time"].map((title) => right(title, paint.faint)),
  ];
  const rows = alignRows([heading, ...explored.worlds.map((world) => rowOf(world, style))]);
  return [...rows.map((line) => clip(` ${line}`, width)), ...conclusion(explored, style)];
}

function rowOf(world: ExploredWorld, { paint }: TextStyle): Cell[] {
  const { violation, isComplete } = world;
  const mark = violation !== null ? "✖" : isComplete ? "✔" : "◐";
  const brush = violation !== null ? paint.bad : isComplete ? paint.good : paint.warn;
  return [
    left(`${mark} ${world.title}`, (text) => text.replace(mark, brush)),
    right(grouped(world.states)),
    right(grouped(world.transitions)),
    right(grouped(world.depth)),
    right(span(world.wallMicros)),
    isComplete ? left("complete") : left(violation === null ? "incomplete" : "stopped", paint.warn),
  ];
}

function conclusion(explored: ExploredCore, style: TextStyle): string[] {
  const { paint } = style;
  const violated = violatedWorld(explored);
  if (violated !== null) return storyLines(violated, style);
  if (explored.isInterrupted) return [` ${paint.warn("◐")} interrupted · exit 130`];
  const lines = [` ${paint.good("✔")} from every state ${explored.liveness}${farAway(explored)}`];
  const { covered, never } = coverageOf(explored);
  if (explored.planted !== null) return lines;
  const count = `core transitions ${covered}/${covered + never.length}`;
  if (never.length === 0) return [...lines, ` ${paint.good("✔")} ${count}`];
  return [...lines, ` ${paint.bad("✖")} ${count}, never: ${never.map(printable).join(" · ")}`];
}

function farAway({ worlds }: ExploredCore): string {
  const worst = worlds.map((world) => world.worst);
  if (worst.every((steps) => steps !== null)) return `; worst ${Math.max(0, ...worst)} steps`;
  return `; ${Math.max(0, ...worlds.map(({ furthest }) => furthest ?? 0))} steps from the furthest`;
}

function storyLines({ title, violation }: NonNullable<ReturnType<typeof violatedWorld>>, style: TextStyle): string[] {
  const { paint, width } = style;
  const { prefix, cycle, property, message } = violation;
  const digits = String(prefix.length + cycle.length).length;
  const numbered = (steps: readonly string[], from: number): string[] =>
    steps.map((step, index) => {
      const text = printable(step);
      const number = paint.faint(String(from + index).padStart(digits));
      return `     ${number}  ${text.startsWith("FAULT ") ? paint.bad(text) : text}`;
    });
  return [
    "",
    ...wrap(`✖ ${property} violated by ${title}: ${printable(message)}`, width - 1).map(
      (line) => ` ${paint.bad(line)}`,
    ),
    ...(prefix.length === 0 ? [] : ["   The shortest story:"]),
    ...numbered(prefix, 1),
    ...(cycle.length === 0 ? [] : [`   And then, round and round:`]),
    ...numbered(cycle, prefix.length + 1),
  ];
}
