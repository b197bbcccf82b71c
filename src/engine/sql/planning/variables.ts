/** Variables of a session: there is one, `cluster`. */
import type { ClusterLookup, SetPlan } from "../cluster-plan.ts";
import type { SelectPlan } from "../plan.ts";
import type { Name, SetVariable, ShowVariable } from "../syntax/statement.ts";
import { nearestHint, SqlError, sqlStates } from "../sql-error.ts";
import { clusterNamed, defaultCluster } from "./cluster-scope.ts";

const variables = ["cluster"];

/** `SET` and `RESET`. A cluster that is set must be there; the one that sessions begin with need not be. */
export function planSet({ variable, value }: SetVariable, clusters: ClusterLookup): SetPlan {
  checkVariable(variable);
  const named = value === undefined ? defaultCluster : clusterNamed(clusters, value).name;
  return { kind: "set", variable: "cluster", value: named };
}

/** `SHOW cluster`: one row. */
export function planShowVariable({ variable }: ShowVariable, cluster: string): SelectPlan {
  checkVariable(variable);
  return {
    kind: "select",
    plan: { kind: "constant", rows: [[cluster]], width: 1 },
    columns: [{ name: "cluster", type: "text" }],
    orderBy: [],
    limit: undefined,
    asOf: undefined,
  };
}

function checkVariable({ text, position }: Name): void {
  if (variables.includes(text)) return;
  throw new SqlError(sqlStates.noSuchObject, `unrecognized configuration parameter "${text}"`, {
    hint: nearestHint(text, variables) ?? `There is one: ${variables.join()}.`,
    position,
  });
}
