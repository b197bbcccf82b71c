/** What is stored of an object when the cluster that it runs on gets another name. */
import { parseStatement } from "./parse-statement.ts";
import { ClusterScope, oneCluster } from "./planning/cluster-scope.ts";
import { canonicalText } from "./syntax/canonical-text.ts";
import type { CreateStatement } from "./syntax/statement.ts";

/** The stored statement with its cluster under this name; nothing else of it changes. */
export function withCluster(sql: string, name: string): string {
  const statement = { ...(parseStatement(sql) as CreateStatement), cluster: undefined } as CreateStatement;
  return canonicalText(new ClusterScope(oneCluster, name).placed(statement));
}
