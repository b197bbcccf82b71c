/**
 * Materialized views held against their definitions: at every time at which an input or the view changed, once all their
 * uppers are beyond it, the oracle evaluates the definition over the inputs' contents at that time. All of it comes from
 * durable shards, so it makes no difference who wrote them or died. The first dozens of times are judged, then one of
 * several, and the last one at the end: contents that went wrong do not come right by themselves. Or only the times are
 * judged at which the last error of a view went away.
 */
import type { Breach } from "../../runner/definition.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Frontier } from "../state/frontier.ts";
import { batchEvaluate, type BatchOutcome } from "../oracle/batch-evaluate.ts";
import type { SyntaxNode } from "../oracle/syntax-node.ts";
import type { Relation } from "../oracle/relation.ts";
import { Collections, type Collection } from "../state/collections.ts";
import { isBefore } from "../state/frontier.ts";
import { Contents, readingOf, relationsOf } from "./reading.ts";

/** A view at a time, and what it should be. */
export interface Judgement {
  readonly view: string;
  readonly time: number;
  readonly expected: BatchOutcome;
  readonly observed: Relation;
}

export type Judge = (judgement: Judgement) => Breach | undefined;

/** Which times are judged. */
export type Times = "changes" | "mended";

interface View {
  readonly own: Contents;
  readonly bases: readonly Contents[];
  readonly views: ReadonlyMap<string, string>;
  /** Time that the contents are at; null before the first. */
  at: number | null;
  changes: number;
  /** What the last judgement came to; undefined when something changed since. */
  last: { readonly breach: Breach | undefined } | undefined;
}

export class ViewBook {
  readonly #judge: Judge;
  readonly #times: Times;
  readonly #parses = new Map<string, SyntaxNode>();
  readonly #collections = new Collections();
  /** By id, those in the catalog. */
  readonly #views = new Map<string, View>();

  constructor(times: Times, judge: Judge) {
    this.#times = times;
    this.#judge = judge;
  }

  /** Takes in a change of a shard, and judges what became complete. */
  changed(event: EngineEvents["shard.changed"]): Breach | undefined {
    const { added, removed, touched } = this.#collections.changed(event);
    for (const item of added) {
      const collection = this.#collections.get(item.id);
      if (item.kind === "materialized-view" && collection !== undefined) this.#add(collection);
    }
    for (const { id } of removed) this.#views.delete(id);
    if (touched.length === 0) return undefined;
    for (const view of this.#views.values()) {
      if (![view.own, ...view.bases].some(({ collection }) => touched.includes(collection))) continue;
      const breach = this.#advance(view);
      if (breach !== undefined) return breach;
    }
    return undefined;
  }

  /** Judges what views hold now. */
  atEnd(): Breach | undefined {
    for (const view of this.#views.values()) {
      if (view.at === null || this.#times === "mended") continue;
      const { breach } = (view.last ??= { breach: this.#judged(view, view.at) });
      if (breach !== undefined) return breach;
    }
    return undefined;
  }

  #add(collection: Collection): void {
    const reading = readingOf(collection.item.sql, this.#collections);
    if (reading === undefined) return;
    const bases = reading.bases.map((base) => new Contents(base));
    const { views } = reading;
    this.#views.set(collection.item.id, {
      own: new Contents(collection),
      bases,
      views,
      at: null,
      changes: 0,
      last: undefined,
    });
  }

  #advance(view: View): Breach | undefined {
    const all = [view.own, ...view.bases];
    let frontier: Frontier = null;
    for (const { collection } of all) if (isBefore(collection.upper, frontier)) frontier = collection.upper;
    const { start } = view.own.collection;
    if (view.at === null && !isBefore(start, frontier)) return undefined;
    for (let time: number | undefined = view.at === null ? start : nextTime(all); ; time = nextTime(all)) {
      if (time === undefined || !isBefore(time, frontier)) return undefined;
      const hadErrors = view.own.hasErrors;
      for (const contents of all) contents.moveTo(time);
      view.at = time;
      view.last = undefined;
      const isMended = hadErrors && !view.own.hasErrors;
      if (this.#times === "mended" ? !isMended : !isJudged(view.changes++)) continue;
      view.last = { breach: this.#judged(view, time) };
      if (view.last.breach !== undefined) return view.last.breach;
    }
  }

  #judged({ own, bases, views }: View, time: number): Breach | undefined {
    const { name, sql } = own.collection.item;
    return this.#judge({
      view: name,
      time,
      expected: batchEvaluate(sql, relationsOf(bases), views, this.#parses),
      observed: own.relation(),
    });
  }
}

function nextTime(all: readonly Contents[]): number | undefined {
  let next: number | undefined;
  for (const { nextTime: time } of all) if (time !== undefined && (next === undefined || time < next)) next = time;
  return next;
}

/** Whether the so-manieth time of a view is judged. */
function isJudged(changes: number): boolean {
  return changes < 48 || changes % (changes < 192 ? 4 : 32) === 0;
}
