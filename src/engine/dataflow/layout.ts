/**
 * How a plan is cut into stages: pieces of operators that need no rows of other workers, with exchanges between them,
 * before joins and groups and before the one writer of a result. All workers of a replica run the same layout.
 */
import type { Scalar, Plan } from "../sql/plan.ts";
import type { Operator, Surroundings } from "./operators/operator.ts";
import { never } from "../../base/never.ts";
import { Filter } from "./operators/filter.ts";
import { Constant, Get } from "./operators/get.ts";
import { Join } from "./operators/join.ts";
import { MapRows } from "./operators/map.ts";
import { Reduce } from "./operators/reduce.ts";

/** What an input of a stage is fed with. */
export type InputLayout =
  | { readonly kind: "source"; readonly id: string }
  | { readonly kind: "exchange"; readonly edge: number };

export type OutputLayout =
  /** To the worker that the values of these columns belong to; errors by themselves. */
  | { readonly kind: "by-key"; readonly edge: number; readonly columns: readonly number[] }
  /** All to one worker. */
  | { readonly kind: "to-worker"; readonly edge: number; readonly worker: number }
  | { readonly kind: "result" };

export interface StageLayout {
  readonly inputs: readonly InputLayout[];
  /** A worker's own operators of this stage. */
  readonly build: (surroundings: Surroundings) => Operator;
  readonly output: OutputLayout;
}

export interface Layout {
  /** Every edge leads from a stage to a later one; the last has the result. */
  readonly stages: readonly StageLayout[];
  readonly edges: number;
  /** The only worker with a result; null when every worker has a part of it. */
  readonly writer: number | null;
}

type Build = StageLayout["build"];

/** A piece of a stage under construction. */
interface Piece {
  readonly inputs: readonly InputLayout[];
  /** `first`: where the piece's inputs begin among those of its stage. */
  readonly make: (surroundings: Surroundings, first: number) => Operator;
}

/** The layout of a plan whose result is left where it comes up (`writer` null), or brought to one worker. */
export function render(plan: Plan, writer: number | null): Layout {
  const cutter = new Cutter();
  const top = cutter.piece(plan);
  if (writer === null) cutter.end(top, { kind: "result" });
  else {
    const edge = cutter.edge();
    cutter.end(top, { kind: "to-worker", edge, worker: writer });
    cutter.end(received(edge), { kind: "result" });
  }
  return { stages: cutter.stages, edges: cutter.edges, writer };
}

/** Ids of the collections that a plan reads, each once, in order of appearance. */
export function sourcesOf(plan: Plan): readonly string[] {
  switch (plan.kind) {
    case "get":
      return [plan.id];
    case "constant":
      return [];
    case "join":
      return [...new Set([...sourcesOf(plan.left), ...sourcesOf(plan.right)])];
    case "filter":
    case "map":
    case "reduce":
      return sourcesOf(plan.input);
    default:
      return never(plan);
  }
}

class Cutter {
  readonly stages: StageLayout[] = [];
  edges = 0;

  edge(): number {
    return this.edges++;
  }

  end({ inputs, make }: Piece, output: OutputLayout): void {
    const build: Build = (surroundings) => make(surroundings, 0);
    this.stages.push({ inputs, build, output });
  }

  piece(plan: Plan): Piece {
    switch (plan.kind) {
      case "get":
        return { inputs: [{ kind: "source", id: plan.id }], make: (_, first) => new Get(first) };
      case "constant":
        // Every worker runs every stage; the rows are there once.
        return { inputs: [], make: ({ worker }) => new Constant(worker === 0 ? plan.rows : []) };
      case "filter":
        return wrap(this.piece(plan.input), (input, surroundings) => new Filter(input, plan.predicate, surroundings));
      case "map":
        return wrap(this.piece(plan.input), (input, surroundings) => new MapRows(input, plan.scalars, surroundings));
      case "join": {
        const left = this.#exchanged(this.piece(plan.left), plan.leftKey);
        const right = this.#exchanged(this.piece(plan.right), plan.rightKey);
        const { leftKey, rightKey } = plan;
        return {
          inputs: [...left.inputs, ...right.inputs],
          make: (surroundings, first) => {
            const sides = { left: left.make(surroundings, first), right: right.make(surroundings, first + 1) };
            return new Join({ ...sides, leftKey, rightKey }, surroundings);
          },
        };
      }
      case "reduce": {
        const { key, aggregates } = plan;
        const columns = [...key, ...aggregates.map(({ argument }) => argument ?? present)];
        const prepared = wrap(
          this.piece(plan.input),
          (input, surroundings) => new MapRows(input, columns, surroundings),
        );
        const exchanged = this.#exchanged(prepared, [...key.keys()]);
        return wrap(exchanged, (input, surroundings) => new Reduce(input, key.length, aggregates, surroundings));
      }
      default:
        return never(plan);
    }
  }

  #exchanged(piece: Piece, columns: readonly number[]): Piece {
    const edge = this.edge();
    this.end(piece, { kind: "by-key", edge, columns });
    return received(edge);
  }
}

/** What `count(*)` counts in each row. */
const present: Scalar = { kind: "literal", value: true };

function received(edge: number): Piece {
  return { inputs: [{ kind: "exchange", edge }], make: (_, first) => new Get(first) };
}

function wrap({ inputs, make }: Piece, build: (input: Operator, surroundings: Surroundings) => Operator): Piece {
  return { inputs, make: (surroundings, first) => build(make(surroundings, first), surroundings) };
}
