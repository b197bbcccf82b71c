/** What the expressions of one statement refer to: the columns of its relations, and its parameters. */
import type { Json } from "../../../base/json.ts";
import type { Column, Values } from "../storage/table.ts";
import { SqlFailure } from "../sql-failure.ts";
import { parameterValue, type SqlType } from "./value.ts";

/** What expressions are evaluated in. One object a running statement; the rows change under it. */
export interface Env {
  readonly params: readonly Json[];
  row: Values;
  /** The row that INSERT would have made. */
  excluded: Values;
  readonly notify: (channel: string, payload: string) => void;
}

export interface Relation {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Where its row is in `Env`. */
  readonly place: "row" | "excluded";
}

/** Types of the parameters, each fixed by the first place that needs to know it. */
export class Parameters {
  readonly #types: (SqlType | null)[] = [];
  readonly #used = new Set<number>();
  readonly #isBare: boolean;

  /** `isBare`: the statement comes without any, and the client library then sends a text in which none can be meant. */
  constructor(isBare: boolean) {
    this.#isBare = isBare;
  }

  /** What the real server does when it plans: it computes expressions without columns, which fail even if unused. */
  readonly planned: { readonly evaluate: (env: Env) => Json }[] = [];

  /** Null while nothing has fixed it. */
  typeOf(number: number): SqlType | null {
    if (this.#isBare) throw new SqlFailure("42P02", `there is no parameter $${number}`);
    while (this.#types.length < number) this.#types.push(null);
    this.#used.add(number);
    return this.#types[number - 1]!;
  }

  fix(number: number, type: SqlType): void {
    const known = this.typeOf(number);
    if (known !== null && known !== type) {
      throw new SqlFailure("42P08", `parameter $${number} is both ${known} and ${type}`);
    }
    this.#types[number - 1] = type;
  }

  /** After the whole statement: what nothing fixed is text, what nothing mentions has no type. */
  close(): void {
    for (let number = 1; number <= this.#types.length; number++) {
      if (!this.#used.has(number)) throw new SqlFailure("42P18", `parameter $${number} has no type`);
      this.#types[number - 1] ??= "text";
    }
  }

  /** The values given for one execution, in their types. Fails when they are too many or too few. */
  bind(values: readonly Json[]): readonly Json[] {
    const types = this.#types;
    if (values.length === 0 && types.length > 0) throw new SqlFailure("42P02", "there is no parameter $1");
    if (values.length !== types.length) {
      throw new SqlFailure("08P01", `${values.length} parameters were given and ${types.length} are needed`);
    }
    return types.length === 0 ? values : types.map((type, index) => parameterValue(type!, values[index]!));
  }
}

export class Scope {
  readonly relations: readonly Relation[];
  readonly parameters: Parameters;

  constructor(relations: readonly Relation[], parameters: Parameters) {
    this.relations = relations;
    this.parameters = parameters;
  }

  /** The column meant by a name, perhaps with its relation's before it. */
  find(names: readonly string[]): { readonly relation: Relation; readonly index: number; readonly column: Column } {
    const name = names.at(-1)!;
    const qualifier = names.length > 1 ? names[0]! : undefined;
    const relations = qualifier === undefined ? this.relations : [this.relation(qualifier)];
    const found = relations.flatMap((relation) => {
      const index = relation.columns.findIndex((column) => column.name === name);
      return index < 0 ? [] : [{ relation, index, column: relation.columns[index]! }];
    });
    if (found.length > 1) throw new SqlFailure("42702", `column "${name}" is ambiguous`);
    if (found.length === 0) throw new SqlFailure("42703", `column "${name}" does not exist`);
    return found[0]!;
  }

  /** The relation of that name; fails with 42P01 when the statement has none. */
  relation(name: string): Relation {
    const relation = this.relations.find((other) => other.name === name);
    if (relation === undefined) throw new SqlFailure("42P01", `no relation "${name}" in the statement`);
    return relation;
  }
}
