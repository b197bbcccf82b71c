/**
 * The timeline of a failing run as inline SVG on one axis of virtual time: a lane a fault (a bar from injected to
 * healed, hollow where it never bit), a lane a host with a band for each incarnation, and the failure as a line through
 * all of them. What happened after the failure is not drawn.
 */
import type { FaultItem } from "../../runner/plan/plan.ts";
import type { RunRecord, TraceRecord } from "../../runner/run/record.ts";
import { formatMoment } from "../../base/time.ts";
import { escaped } from "../markup.ts";
import { itemText } from "../text/item-lines.ts";
import { printable } from "../text/printable.ts";

interface Bar {
  readonly from: number;
  readonly until: number;
  readonly label: string;
  readonly look: "fault" | "inert" | "process" | "op";
}

interface Lane {
  readonly name: string;
  readonly bars: readonly Bar[];
}

const width = 960;
const labelWidth = 210;
const laneHeight = 22;
const lanesMax = 40;

/** The SVG of a failing run; empty for a run that passed. */
export function timelineSvg(record: RunRecord): string {
  const { failure } = record;
  if (failure === null) return "";
  const end = Math.max(1, failure.at);
  const all = [...faultLanes(record, end), ...opLanes(record, end), ...processLanes(record.trace, end)];
  const lanes = all.slice(0, lanesMax);
  const x = (at: number): number => labelWidth + Math.round((Math.min(at, end) / end) * (width - labelWidth - 16));
  const height = lanes.length * laneHeight + 46;
  const bottom = height - 24;
  return [
    `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Timeline of the failing run">`,
    ...ticks(end).map(
      (at) =>
        `<line class="tick" x1="${x(at)}" y1="8" x2="${x(at)}" y2="${bottom}"/>` +
        `<text class="axis" x="${x(at)}" y="${bottom + 16}" text-anchor="middle">${formatMoment(at)}</text>`,
    ),
    ...lanes.map((lane, index) => laneSvg(lane, 12 + index * laneHeight, x)),
    `<line class="failure" x1="${x(end)}" y1="4" x2="${x(end)}" y2="${bottom}"/>`,
    `<text class="mark" x="${x(end) - 4}" y="${bottom - 2}" text-anchor="end">✖ ${formatMoment(failure.at)}</text>`,
    "</svg>",
    ...(all.length > lanes.length ? [`<p class="faint">… ${all.length - lanes.length} more lanes</p>`] : []),
  ].join("\n");
}

function laneSvg(lane: Lane, y: number, x: (at: number) => number): string {
  const name = lane.name.length > 30 ? `${lane.name.slice(0, 29)}…` : lane.name;
  const bars = lane.bars.map(({ from, until, label, look }) => {
    const wide = Math.max(3, x(until) - x(from));
    const rect = `<rect class="${look}" x="${x(from)}" y="${y}" width="${wide}" height="14" rx="2">`;
    return `${rect}<title>${escaped(label)}</title></rect>`;
  });
  return `<text class="lane" x="8" y="${y + 11}">${escaped(name)}</text>${bars.join("")}`;
}

function faultLanes({ plan, faults }: RunRecord, end: number): Lane[] {
  return plan.items.flatMap((item, index) => {
    if (item.kind !== "fault" || item.at > end) return [];
    const hasBit = faults.some((fate) => fate.item === index && fate.bit);
    return [{ name: printable(item.fault), bars: [faultBar(item, hasBit)] }];
  });
}

function faultBar(item: FaultItem, hasBit: boolean): Bar {
  const label = `${formatMoment(item.at)} ${itemText(item)}${hasBit ? "" : " (left no witness)"}`;
  return { from: item.at, until: item.until, label, look: hasBit ? "fault" : "inert" };
}

function opLanes({ plan }: RunRecord, end: number): Lane[] {
  const bars = new Map<number, Bar[]>();
  for (const item of plan.items) {
    if (item.kind !== "op" || item.at > end) continue;
    const label = `${formatMoment(item.at)} ${itemText(item)}`;
    const list = bars.get(item.session) ?? [];
    list.push({ from: item.at, until: item.at, label, look: "op" });
    bars.set(item.session, list);
  }
  const sessions = [...bars.keys()].toSorted((a, b) => a - b);
  return sessions.map((session) => ({ name: `ops, session ${session}`, bars: bars.get(session)! }));
}

/** Bands of incarnations, from the observations that the machine room makes of starts and ends. */
function processLanes(trace: readonly TraceRecord[], end: number): Lane[] {
  const lanes = new Map<string, Map<string, Bar>>();
  for (const { at, kind, text } of trace) {
    if (at > end || !/^process\.(started|exited|crashed)$/.test(kind)) continue;
    const label = processIn(text);
    if (label === null) continue;
    const name = label.replace(/#\d+$/, "");
    const bands = lanes.get(name) ?? new Map<string, Bar>();
    lanes.set(name, bands);
    const band = bands.get(label);
    if (kind === "process.started") bands.set(label, { from: at, until: end, label, look: "process" });
    else if (band !== undefined) {
      bands.set(label, { ...band, until: at, label: `${label}, ${kind.slice(8)} at ${formatMoment(at)}` });
    }
  }
  return [...lanes].map(([name, bands]) => ({ name: printable(name), bars: [...bands.values()] }));
}

/** The process that an observation names; null for a text of another shape. */
function processIn(text: string): string | null {
  return /"process":"([^"\\]+)"/.exec(text)?.[1] ?? null;
}

/** Up to eight round moments on the axis. */
function ticks(end: number): number[] {
  const steps = [1, 2, 5].flatMap((digit) => [1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9].map((power) => digit * power));
  const step = steps.toSorted((a, b) => a - b).find((candidate) => end / candidate <= 8) ?? end;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}
