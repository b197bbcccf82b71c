/** One statement of a session, from its text to its reply. */
import type { SessionReply, SessionRequest } from "../../../ports/session.ts";
import type { ClusterPlan } from "../../sql/cluster-plan.ts";
import type { StatementPlan } from "../../sql/plan.ts";
import type { Statement } from "../../sql/syntax/statement.ts";
import type { Purify } from "./create.ts";
import type { Answer, Session } from "./session.ts";
import { parseStatement } from "../../sql/parse-statement.ts";
import { planStatement } from "../../sql/plan-statement.ts";
import { purificationPlace } from "../../sql/purify.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { confirmLeadership, type Environment } from "../environment.ts";
import { clusterLookup } from "../objects/cluster-lookup.ts";
import { changeClusters, type ClusterTurn } from "./cluster-ddl.ts";
import { create } from "./create.ts";
import { drop } from "./drop.ts";
import { select } from "./select.ts";

/** Runs a statement. Expected failures are replies; anything else is a bug and rejects. */
export async function execute(
  request: SessionRequest,
  session: Session,
  number: number,
  purify: Purify,
  environment: Environment,
): Promise<SessionReply> {
  const { host } = environment.ports;
  const statement = parsed(request.sql);
  const kind = statement instanceof SqlError ? "invalid" : statement.kind;
  const about = { session: session.name, number, kind };
  host.emit("statement.started", about);
  try {
    if (statement instanceof SqlError) throw statement;
    const { tag, columns = [], rows = [], ts, notices = [] } = await run(statement, session, purify, environment);
    host.emit("statement.ended", { ...about, ok: true, code: null, ts });
    return { ok: true, tag, columns, rows, timestamp: ts, notices };
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    // An error can say something about the catalog too: it comes from the leader or not at all.
    const failure = error === statement ? error : await confirmed(error, environment);
    host.emit("statement.ended", { ...about, ok: false, code: failure.code, ts: null });
    return { ok: false, error: failure.toInfo() };
  }
}

function parsed(sql: unknown): Statement | SqlError {
  try {
    if (typeof sql !== "string") return new SqlError("08P01", "the request has no statement");
    return parseStatement(sql);
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return error;
  }
}

async function confirmed(error: SqlError, environment: Environment): Promise<SqlError> {
  try {
    await confirmLeadership(environment, "error");
    return error;
  } catch (fenced) {
    if (!(fenced instanceof SqlError)) throw fenced;
    return fenced;
  }
}

/** What is wrong outside is so with something that the statement names. */
async function purifiedInPlace(
  plan: StatementPlan,
  statement: Statement,
  purify: Purify,
): Promise<StatementPlan | SqlError> {
  const purified = await purify(plan);
  return purified instanceof SqlError ? purified.at(purificationPlace(purified, statement)) : purified;
}

async function run(statement: Statement, session: Session, purify: Purify, environment: Environment): Promise<Answer> {
  const { schema, catalog, commits, policies } = environment;
  const { cluster } = session.variables;
  const clusters = clusterLookup(catalog.contents);
  const planNow = (): StatementPlan => planStatement(statement, schema, { clusters, cluster });
  const plan = planNow();
  const atTurn = (): StatementPlan => (policies.plansAgain() ? planNow() : plan);
  switch (plan.kind) {
    case "select":
      return select(plan, session, environment);
    case "insert":
      return { tag: `INSERT 0 ${plan.rows.length}`, ts: await commits.insert(plan.table, plan.rows) };
    case "drop":
    case "nothing":
      // What it names may be gone at its turn, or be something else.
      if (statement.kind === "drop") return drop(statement, atTurn, environment);
      return changeClusters(statement.kind as ClusterPlan["kind"], atTurn as () => ClusterTurn, environment);
    case "create-cluster":
    case "alter-cluster":
    case "drop-cluster":
    case "create-replica":
    case "drop-replica":
    case "rename-cluster":
    case "rename-replica":
      return changeClusters(plan.kind, atTurn as () => ClusterTurn, environment);
    case "set":
      await confirmLeadership(environment, "system");
      session.variables.cluster = plan.value;
      return { tag: statement.kind === "set" && statement.value === undefined ? "RESET" : "SET", ts: null };
    default:
      return create(plan, planNow, (created) => purifiedInPlace(created, statement, purify), session, environment);
  }
}
