/** Listings as aligned tables, the doc last and cut to the line. */
import type { Listing, ListedKind } from "../listing.ts";
import type { TextStyle } from "./paint.ts";
import { alignRows, left, right, type Cell } from "./columns.ts";
import { clip, printable } from "./printable.ts";

/** The tables of the kinds that are asked for, each under a heading of its columns. */
export function listingLines(listing: Listing, kinds: readonly ListedKind[], style: TextStyle): string[] {
  return kinds.flatMap((kind, index) => [...(index === 0 ? [] : [""]), ...tableOf(listing, kind, style)]);
}

function tableOf(listing: Listing, kind: ListedKind, style: TextStyle): string[] {
  const { paint, width } = style;
  const rows: readonly Cell[][] = rowsOf[kind](listing, style);
  if (rows.length === 0) return [`${paint.faint(kind)}  none`];
  const heading = headings[kind].map((title, index) => ({ ...rows[0]![index]!, text: title, paint: paint.faint }));
  return alignRows([heading, ...rows]).map((line) => clip(line, width));
}

const headings: Readonly<Record<ListedKind, readonly string[]>> = {
  scenarios: ["scenario", "ops", "faults", "invariants", "bugs", "doc"],
  faults: ["fault", "witness", "scenarios", "doc"],
  invariants: ["invariant", "kind", "proven by", "scenarios", "doc"],
  bugs: ["bug", "breaks", "scenario", "title"],
  cores: ["core", "doc"],
};

const rowsOf: Readonly<Record<ListedKind, (listing: Listing, style: TextStyle) => Cell[][]>> = {
  scenarios: (listing, { paint }) =>
    listing.scenarios.map((each) => [
      left(printable(each.id), paint.strong),
      right(String(each.ops.length)),
      right(String(each.faults.length)),
      right(String(each.invariants.length)),
      right(String(each.bugs.length)),
      left(printable(each.doc)),
    ]),
  faults: (listing, { paint }) =>
    listing.faults.map((each) => [
      left(printable(each.id), paint.strong),
      left(printable(each.witness)),
      right(String(each.scenarios.length)),
      left(printable(each.doc)),
    ]),
  invariants: (listing, { paint }) =>
    listing.invariants.map((each) => [
      left(printable(each.id), paint.strong),
      left(each.kind),
      each.provenBy.length === 0 ? left("– UNTESTED", paint.warn) : left(printable(each.provenBy.join(" "))),
      right(String(each.scenarios.length)),
      left(printable(each.doc)),
    ]),
  bugs: (listing, { paint }) =>
    listing.bugs.map((each) => [
      left(printable(each.id), paint.strong),
      left(printable(each.breaks)),
      left(printable(each.scenario)),
      left(printable(each.doc)),
    ]),
  cores: (listing, { paint }) =>
    listing.cores.map((each) => [left(printable(each.id), paint.strong), left(printable(each.doc))]),
};
