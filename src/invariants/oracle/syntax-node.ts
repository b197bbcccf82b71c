/** PostgreSQL's parse tree, read as it is. The oracle judges statements that an engine accepted: it refuses, loudly, what it does not know. */
import type { Json, JsonObject } from "../../base/json.ts";

export interface SyntaxNode {
  readonly kind: string;
  readonly of: JsonObject;
}

/** The query holds something that the oracle cannot evaluate: a gap of the oracle, not of the engine. */
export class UnknownSyntax extends Error {
  override readonly name = "UnknownSyntax";
  readonly code = "ORACLE";
}

/** A node and its kind. */
export function node(json: Json | undefined): SyntaxNode {
  const entry = Object.entries((json ?? {}) as JsonObject)[0];
  if (entry === undefined) throw new UnknownSyntax("a node is missing");
  return { kind: entry[0], of: (entry[1] ?? {}) as JsonObject };
}

/** The nodes of a list. */
export function nodes(json: Json | undefined): readonly SyntaxNode[] {
  return ((json ?? []) as readonly Json[]).map(node);
}

/** Texts of a list of `String` nodes; a star is `*`. */
export function texts(json: Json | undefined): readonly string[] {
  return nodes(json).map(({ kind, of }) => (kind === "A_Star" ? "*" : ((of["sval"] as string | undefined) ?? "")));
}

/** Members that would change the meaning and are not understood. */
export function refuse({ kind, of }: SyntaxNode, members: readonly string[]): void {
  const found = members.find((member) => of[member] !== undefined && of[member] !== false);
  if (found !== undefined) throw new UnknownSyntax(`${kind} with ${found}`);
}
