/** S-CONN-4. */
import type { Observed } from "../state/observed.ts";
import type { Relation, Row } from "../oracle/relation.ts";
import { defineInvariant } from "../define-invariant.ts";
import { batchEvaluate, sameRows } from "../oracle/batch-evaluate.ts";
import { CatalogContents, type Item } from "../state/catalog-contents.ts";
import { inputNames, readStatement } from "../state/statement.ts";
import { Placement } from "./placement.ts";
import { statusRelation } from "./status-relation.ts";
import { StatusFold, StatusHistory } from "./status-history.ts";

const kinds: { readonly [relation: string]: string } = { mz_source_statuses: "source", mz_sink_statuses: "sink" };

interface Question {
  readonly relation: string;
  /** Rows of the history that were known to be recorded when it was asked. */
  readonly seq: number;
  readonly items: string;
  readonly at: number;
}

/** So long an environment may take to hear of its own change to clusters, µs. */
const heardWithin = 30_000_000;

/** Items without a replica, until a time. */
interface Paused {
  readonly items: ReadonlySet<string>;
  until: number;
}

interface State {
  readonly catalog: CatalogContents;
  readonly history: StatusHistory;
  /** The highest number that an environment told of. */
  recorded: number;
  /** Items that came or went, and the environment may not have taken note yet. */
  readonly unsettled: Map<string, "added" | "removed">;
  readonly asked: Map<string, Question>;
  readonly placement: Placement;
  /** In order of time; the last one is in force. */
  readonly paused: Paused[];
}

/**
 * S-CONN-4: what a client reads of the statuses of sources or sinks is the fold of their history at some moment between
 * asking and answering: per object its last row, `created` before any, and what its inputs and its cluster make of it. An
 * environment that stored rows may learn of it a little later, so the moment is one between what had been told when the
 * client asked and what is stored when it is answered; one that starts anew reads all that is stored. The same goes for
 * replicas that came or went lately. While an item comes or goes the environment may or may not have it already: such
 * answers are not judged.
 */
export const shownStatuses = defineInvariant<State, Observed>({
  id: "S-CONN-4",
  doc: "Statuses that clients read are the fold of the status history.",
  state: () => ({
    catalog: new CatalogContents(),
    history: new StatusHistory(),
    recorded: 0,
    unsettled: new Map(),
    asked: new Map(),
    placement: new Placement(),
    paused: [{ items: new Set(), until: Infinity }],
  }),
  on: {
    "shard.changed": ({ catalog, history, unsettled, placement, paused }, data, { at }) => {
      if (placement.changed(data)) {
        paused.at(-1)!.until = at;
        paused.push({ items: placement.paused, until: Infinity });
      }
      const { added, removed } = catalog.apply(data);
      for (const { id } of added) unsettled.set(id, "added");
      for (const { id } of removed) unsettled.set(id, "removed");
      history.changed(data);
    },
    "env.leading": ({ unsettled }) => unsettled.clear(),
    "status.recorded": (state, { id, seq, status }) => {
      state.recorded = Math.max(state.recorded, seq);
      if (state.unsettled.get(id) === (status === "dropped" ? "removed" : "added")) state.unsettled.delete(id);
    },
    "client.asked": ({ asked, recorded, catalog, unsettled }, { session, number, sql }, { at }) => {
      const [relation, ...others] = /^\s*SELECT\b.*_statuses\b/i.test(sql) ? inputNames(sql) : [];
      if (relation === undefined || others.length > 0 || !Object.hasOwn(kinds, relation)) return;
      if (unsettled.size > 0) return;
      asked.set(`${session} ${number}`, { relation, seq: recorded, items: itemsText(catalog, relation), at });
    },
    "client.answered": ({ asked, catalog, history, unsettled, paused }, answer) => {
      const { session, number, sql, ok, rows } = answer;
      const question = asked.get(`${session} ${number}`);
      asked.delete(`${session} ${number}`);
      if (ok && unsettled.size > 0) settle(catalog, unsettled, sql);
      if (question === undefined || !ok || question.items !== itemsText(catalog, question.relation)) return undefined;
      const { relation, seq, at } = question;
      const observed = rows.map((row) => [row as Row, 1] as const);
      const fold = new StatusFold();
      const places = paused.filter(({ until }) => until >= at - heardWithin).map(({ items }) => items);
      const shown = (items: ReadonlySet<string>): Relation => statusRelation(catalog, kinds[relation]!, fold, items);
      const matches = (): boolean =>
        places.some((items) => {
          const evaluated = batchEvaluate(sql, new Map([[relation, shown(items)]]));
          return evaluated.ok && sameRows(evaluated.rows, observed);
        });
      const known = history.rows.filter((row) => row.seq <= seq);
      for (const row of known) fold.add(row);
      if (matches()) return undefined;
      for (const row of history.rows.slice(known.length)) {
        fold.add(row);
        if (matches()) return undefined;
      }
      const expected = shown(places.at(-1)!).rows.map(([row]) => row);
      return { subject: relation, message: `${sql} showed what the history never came to`, expected, observed: rows };
    },
  },
});

/** What was created is there for whoever was told so. */
function settle(catalog: CatalogContents, unsettled: State["unsettled"], sql: string): void {
  const statement = readStatement(sql);
  const item = statement.kind === "create" ? catalog.named(statement.name) : undefined;
  if (item !== undefined && unsettled.get(item.id) === "added") unsettled.delete(item.id);
}

function itemsOf(catalog: CatalogContents, relation: string): readonly Item[] {
  return [...catalog.items.values()].filter(({ kind }) => kind === kinds[relation]);
}

function itemsText(catalog: CatalogContents, relation: string): string {
  return itemsOf(catalog, relation)
    .map(({ id }) => id)
    .join();
}
