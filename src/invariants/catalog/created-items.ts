/**
 * Items of the durable catalog against the statements that clients asked for. A statement is asked before it leaves and
 * answered after its effect is durable, and the catalog's changes are never missed: so an item appears only while a
 * CREATE of its name is open, and disappears only while a DROP is. One whose answer never came stays open for ever, since
 * it may still happen. Which of several open statements did it cannot be told; then none of them is held to it.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Item } from "../state/catalog-contents.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { readStatement, type ClientStatement } from "../state/statement.ts";

interface Create {
  readonly name: string;
  /** Number of the last DROP that might be of this name and had been answered when it was asked. */
  readonly drops: number;
  /** The item that appeared while no other CREATE of the name was open. */
  made: string | null;
}

interface Drop {
  readonly name: string;
  readonly isCascade: boolean;
}

interface State {
  readonly catalog: CatalogContents;
  /** Open statements by session and number. */
  readonly creates: Map<string, Create>;
  readonly drops: Map<string, Drop>;
  /** DROPs that were answered: how many of each name, and how many that take dependents along. */
  readonly dropped: Map<string, number>;
  cascades: number;
}

/** SQLSTATEs that say that something of the name is there. */
const thereAlready: readonly string[] = ["42710", "42P07"];

/** S-CRE-1: a CREATE or DROP that was answered has happened or has not, as the answer says. */
export const createdItems = defineInvariant<State, Observed>({
  id: "S-CRE-1",
  doc: "A CREATE that was answered ok is durable until a DROP, and one that failed left no item.",
  state: () => ({
    catalog: new CatalogContents(),
    creates: new Map(),
    drops: new Map(),
    dropped: new Map(),
    cascades: 0,
  }),
  on: {
    "client.asked": (state, { session, number, sql }) => {
      const key = `${session}/${number}`;
      const statement = readStatement(sql);
      if (statement.kind === "create") {
        const { name } = statement;
        state.creates.set(key, { name, drops: dropsOf(state, name), made: null });
      } else if (statement.kind === "drop") {
        state.drops.set(key, { name: statement.name, isCascade: statement.isCascade });
      }
    },
    "client.answered": (state, { session, number, sql, ok, code }) => {
      const key = `${session}/${number}`;
      const create = state.creates.get(key);
      state.creates.delete(key);
      closeDrop(state, key, readStatement(sql));
      if (create === undefined) return undefined;
      return ok ? missing(state, create) : leftBehind(state, create, code);
    },
    "shard.changed": (state, changed) => {
      const { added, removed } = state.catalog.apply(changed);
      for (const item of removed) {
        const breach = lost(state, item);
        if (breach !== undefined) return breach;
      }
      for (const item of added) {
        const breach = appeared(state, item);
        if (breach !== undefined) return breach;
      }
      return undefined;
    },
  },
});

/** DROPs that may have been of this name and were answered. */
function dropsOf({ dropped, cascades }: State, name: string): number {
  return (dropped.get(name) ?? 0) + cascades;
}

function closeDrop(state: State, key: string, statement: ClientStatement): void {
  if (statement.kind !== "drop" || !state.drops.delete(key)) return;
  if (statement.isCascade) state.cascades++;
  else state.dropped.set(statement.name, (state.dropped.get(statement.name) ?? 0) + 1);
}

function mayDrop({ drops }: State, name: string): boolean {
  return [...drops.values()].some((drop) => drop.isCascade || drop.name === name);
}

function missing(state: State, { name, drops }: Create): Breach | undefined {
  if (state.catalog.named(name) !== undefined || mayDrop(state, name)) return undefined;
  if (dropsOf(state, name) > drops) return undefined;
  const message = `the CREATE of "${name}" was answered ok, and the catalog does not have it`;
  return { subject: "created", message, expected: name, observed: null };
}

function leftBehind({ catalog }: State, { name, made }: Create, code: string | null): Breach | undefined {
  if (made === null || !catalog.items.has(made) || thereAlready.includes(code ?? "")) return undefined;
  const message = `the CREATE of "${name}" was refused (${code}), and the catalog has it`;
  return { subject: "refused", message, expected: null, observed: name };
}

function lost(state: State, { name }: Item): Breach | undefined {
  if (mayDrop(state, name)) return undefined;
  const message = `"${name}" disappeared from the catalog, and nobody asked for its DROP`;
  return { subject: "disappeared", message, expected: name, observed: null };
}

function appeared({ creates }: State, { id, name }: Item): Breach | undefined {
  const open = [...creates.values()].filter((create) => create.name === name);
  if (open.length === 1) open[0]!.made = id;
  if (open.length > 0) return undefined;
  const message = `"${name}" appeared in the catalog, and nobody asked for it then`;
  return { subject: "appeared", message, expected: null, observed: name };
}
