/**
 * Plans from seeds. Everything is drawn from streams and choices that are named after what they are for, so that a
 * scenario can grow without its old seeds losing their meaning:
 * - a new op kind takes over some of the ops; the others keep their moment, session and value;
 * - a new fault family changes no op, and no fault of another family; at most it takes the place of some of them when a
 *   plan is full (`faultsCount`).
 *
 * Swarm: one run in eight has no faults, one in eight has them all, and in the others every family is left out by a coin
 * of its own. A fault that is always about hides what only happens in its absence.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import type { Oracle } from "../../kernel/choices.ts";
import type { FaultUse, SimDefinition } from "../definition.ts";
import type { FaultItem, OpItem, Plan, PlanItem } from "./plan.ts";
import type { TimeShape } from "./times.ts";
import { UsageError } from "../../base/errors.ts";
import { micros } from "../../base/time.ts";
import { key, RandomOracle, site } from "../../kernel/choices.ts";
import { below, stream } from "../../kernel/rng.ts";
import { drawValue, drawWithin } from "./draw.ts";
import { planLimits } from "./json.ts";
import { drawMoment, drawTimeShape } from "./times.ts";
import { parseSeed } from "./seed.ts";

/**
 * The plan that a seed stands for: a pure function of the definition's data and the seed. Throws `UsageError`, naming
 * the scenario and the op, knob or fault, for what no plan can hold.
 */
export function generatePlan(definition: SimDefinition, seed: string): Plan {
  const canonical = parseSeed(seed);
  const most = definition.opsCount.max + definition.faultsCount.max;
  if (most > planLimits.items) {
    throw new UsageError(
      `scenario ${definition.name}: opsCount and faultsCount allow ${most} items, a plan holds up to ${planLimits.items}`,
    );
  }
  return {
    scenario: definition.name,
    seed: canonical,
    knobs: drawKnobs(definition, canonical),
    items: inOrder([...drawOps(definition, canonical), ...drawFaults(definition, canonical)]),
  };
}

/** Items by moment, ops before faults, otherwise as they come. */
export function inOrder(items: readonly PlanItem[]): PlanItem[] {
  const rank = (item: PlanItem): number => (item.kind === "op" ? 0 : 1);
  return items.toSorted((a, b) => a.at - b.at || rank(a) - rank(b));
}

function drawKnobs(definition: SimDefinition, seed: string): JsonObject {
  const drawn = Object.entries(definition.knobs).map(([knob, arbitrary]): [string, Json] => {
    const where = `scenario ${definition.name}, knob "${knob}"`;
    return [knob, drawValue(arbitrary, stream(seed, `plan/knob/${knob}`), where)];
  });
  return Object.fromEntries(drawn);
}

function drawOps(definition: SimDefinition, seed: string): OpItem[] {
  const kinds = weighedKinds(Object.keys(definition.ops), seed);
  if (kinds.length === 0) return [];
  const oracle = new RandomOracle(seed);
  const count = drawWithin(stream(seed, "plan/ops/count"), definition.opsCount.min, definition.opsCount.max);
  const shape = drawTimeShape(stream(seed, "plan/ops/shape"), definition.duration);
  return Array.from({ length: count }, (_, index): OpItem => {
    const place = stream(seed, `plan/ops/${index}`);
    const op = kindAt(kinds, oracle, index);
    const where = `scenario ${definition.name}, op "${op}"`;
    return {
      kind: "op",
      at: drawMoment(place, shape),
      op,
      session: below(place, Math.max(1, definition.sessions)),
      value: drawValue(definition.ops[op]!, stream(seed, `plan/op/${op}/${index}`), where),
    };
  });
}

interface WeighedKind {
  readonly op: string;
  readonly site: number;
  readonly weight: number;
}

/** Every fourth kind is left out of a seed, the others weigh 1, 2, 4 or 8; if none were left, all would be in. */
function weighedKinds(ops: readonly string[], seed: string): WeighedKind[] {
  const kinds = ops.map((op) => {
    const source = stream(seed, `plan/op-weight/${op}`);
    const weight = below(source, 4) === 0 ? 0 : 1 << below(source, 4);
    return { op, site: site(`plan.op ${op}`), weight };
  });
  const present = kinds.filter((kind) => kind.weight > 0);
  return present.length > 0 ? present : kinds.map((kind) => ({ ...kind, weight: 1 }));
}

/**
 * The kind of the op at a place: each kind draws as many numbers as it weighs, the highest wins. Hence one more kind
 * either wins the place or leaves it as it was.
 */
function kindAt(kinds: readonly WeighedKind[], oracle: Oracle, index: number): string {
  let winner = "";
  let highest = -1;
  for (const kind of kinds) {
    for (let ticket = 0; ticket < kind.weight; ticket++) {
      const score = oracle.choose(kind.site, key(index, ticket), 4_294_967_296);
      if (score <= highest) continue;
      winner = kind.op;
      highest = score;
    }
  }
  return winner;
}

/** A fault that a plan may take in. */
interface FaultCandidate {
  readonly use: FaultUse;
  /** Number among those of its family. */
  readonly index: number;
  /** 0: wanted by its family; 1: more than it wants; 2: its family is left out. */
  readonly tier: number;
  readonly priority: number;
}

function drawFaults(definition: SimDefinition, seed: string): FaultItem[] {
  const { min, max } = definition.faultsCount;
  const source = stream(seed, "plan/faults");
  const mode = below(source, 8);
  const shape = drawTimeShape(source, micros(Math.floor((definition.duration * 9) / 10)));
  const room = max === 0 ? 0 : drawWithin(source, Math.max(1, min), max);
  const swarm = mode === 0 ? "none" : mode === 1 ? "all" : "some";
  const candidates = definition.faults
    .flatMap((use) => candidatesOf(use, seed, swarm))
    .toSorted((a, b) => a.tier - b.tier || a.priority - b.priority);
  const wanted = candidates.filter((candidate) => candidate.tier === 0).length;
  const taken = new Set(candidates.slice(0, Math.max(min, Math.min(wanted, room))));
  const order = new Map(definition.faults.map((use, index) => [use, index]));
  return [...taken]
    .toSorted((a, b) => order.get(a.use)! - order.get(b.use)! || a.index - b.index)
    .map((candidate) => drawFault(definition, seed, shape, candidate));
}

/** All that a family may put into a plan, from its own streams alone. It wants between one and its maximum. */
function candidatesOf(use: FaultUse, seed: string, swarm: "none" | "some" | "all"): FaultCandidate[] {
  const source = stream(seed, `plan/family/${use.fault.id}`);
  const isHeads = below(source, 2) === 0;
  const isIn = swarm === "all" || (swarm === "some" && isHeads);
  const wanted = use.max > 0 ? 1 + below(source, use.max) : 0;
  return Array.from({ length: use.max }, (_, index) => ({
    use,
    index,
    tier: isIn ? (index < wanted ? 0 : 1) : 2,
    priority: source.int32(),
  }));
}

function drawFault(definition: SimDefinition, seed: string, shape: TimeShape, candidate: FaultCandidate): FaultItem {
  const { use, index } = candidate;
  const { id, lasts } = use.fault;
  const where = `scenario ${definition.name}, fault "${id}"`;
  if (lasts.max < lasts.min)
    throw new UsageError(`${where}: lasts.max is ${lasts.max}, less than lasts.min ${lasts.min}`);
  const name = `plan/fault/${id}/${index}`;
  const source = stream(seed, name);
  const at = drawMoment(source, shape);
  const reach = Math.floor((lasts.max - lasts.min) / [1, 1, 4, 16][below(source, 4)]!);
  const until = Math.min(definition.duration, at + lasts.min + drawWithin(source, 0, reach));
  const params = Object.entries(use.params).map(([param, arbitrary]): [string, Json] => [
    param,
    drawValue(arbitrary, stream(seed, `${name}/${param}`), `${where}, parameter "${param}"`),
  ]);
  return { kind: "fault", at, until: micros(until), fault: id, params: Object.fromEntries(params) };
}
