/** Errors of statements, as users see them: SQLSTATE, one sentence, and where it helps a hint and the place. */
import type { SqlErrorInfo } from "../../ports/session.ts";
import { nearest } from "../../base/nearest.ts";

/** SQLSTATEs that parsing, planning, purification and evaluation give. Sinks and sources at work have others. */
export const sqlStates = {
  unsupported: "0A000",
  divisionByZero: "22012",
  outOfRange: "22003",
  badText: "22P02",
  syntax: "42601",
  badColumnReference: "42P10",
  ungrouped: "42803",
  ambiguousColumn: "42702",
  duplicateColumn: "42701",
  duplicateAlias: "42712",
  duplicateRelation: "42P07",
  duplicateObject: "42710",
  reservedName: "42939",
  nameTooLong: "42622",
  wrongKind: "42809",
  wrongType: "42804",
  noSuchOperator: "42883",
  noSuchColumn: "42703",
  noSuchRelation: "42P01",
  noSuchObject: "42704",
  badValue: "22023",
  tooComplex: "54001",
} as const;

/** A statement failed in an expected way. `code` is the SQLSTATE; the rest as in `SqlErrorInfo`. */
export class SqlError extends Error implements SqlErrorInfo {
  override readonly name = "SqlError";
  readonly code: string;
  declare readonly detail?: string;
  declare readonly hint?: string;
  declare readonly position?: number;

  constructor(code: string, message: string, more: SqlErrorMore = {}) {
    super(message);
    this.code = code;
    if (more.detail !== undefined) this.detail = more.detail;
    if (more.hint !== undefined) this.hint = more.hint;
    if (more.position !== undefined) this.position = more.position;
  }

  /** The same error at a place in the statement, unless it has one; undefined leaves it without. */
  at(position: number | undefined): SqlError {
    const { code, message, detail, hint } = this;
    return this.position === undefined ? new SqlError(code, message, { detail, hint, position }) : this;
  }

  /** The same error with a hint. */
  with(hint: string): SqlError {
    const { code, message, detail, position } = this;
    return new SqlError(code, message, { detail, hint, position });
  }

  /** The plain object that travels to the client. */
  toInfo(): SqlErrorInfo {
    return {
      code: this.code,
      message: this.message,
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.position === undefined ? {} : { position: this.position }),
    };
  }
}

/** What an error may say besides code and message; undefined members count as left out. */
export interface SqlErrorMore {
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly position?: number | undefined;
}

/** A construct that PostgreSQL knows and this engine does not: 0A000, naming it. */
export function unsupported(construct: string, position?: number, hint?: string): SqlError {
  return new SqlError(sqlStates.unsupported, `${construct} is not supported`, { position, hint });
}

/** The hint for a name that nothing has: the nearest one that exists, or undefined when none is near. */
export function nearestHint(name: string, candidates: readonly string[]): string | undefined {
  const own = Array.from(name.toLowerCase());
  // What has no letter in common is not meant, however short both are.
  const near = nearest(
    name,
    candidates.filter((candidate) => own.some((letter) => candidate.toLowerCase().includes(letter))),
  );
  return near === undefined ? undefined : `Did you mean "${near}"?`;
}

/** So many names are told; more do not help. */
const namesMax = 8;

/** As `nearestHint`; where none is near and there are few, all of them: `Columns are "a", "b".` with that subject. */
export function namesHint(name: string, candidates: readonly string[], subject: string): string | undefined {
  const near = nearestHint(name, candidates);
  if (near !== undefined || candidates.length === 0 || candidates.length > namesMax) return near;
  const all = candidates.map((candidate) => `"${candidate}"`).join(", ");
  return candidates.length === 1 ? `There is only ${all}.` : `${subject} are ${all}.`;
}
