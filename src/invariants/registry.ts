/** Every invariant of the streaming engine, by id. Order is that of listings. */
import type { InvariantDefinition } from "../runner/definition.ts";
import { createdItems } from "./catalog/created-items.ts";
import { environmentEnds } from "./catalog/environment-ends.ts";
import { fencedWrites } from "./catalog/fenced-writes.ts";
import { fenceReasons } from "./catalog/fence-reasons.ts";
import { leadingEnvironment } from "./catalog/leading-environment.ts";
import { risingTokens } from "./catalog/rising-tokens.ts";
import { singleToken } from "./catalog/single-token.ts";
import { untouchedBrokers } from "./catalog/untouched-brokers.ts";
import { allOrNothing } from "./control/all-or-nothing.ts";
import { honouredDrops } from "./control/honoured-drops.ts";
import { installedOrder } from "./control/installed-order.ts";
import { keptDataflows } from "./control/kept-dataflows.ts";
import { mentionedObjects } from "./control/mentioned-objects.ts";
import { movingSinces } from "./control/moving-sinces.ts";
import { readableInputs } from "./control/readable-inputs.ts";
import { reportedFrontiers } from "./control/reported-frontiers.ts";
import { staleMessages } from "./control/stale-messages.ts";
import { declaredReplicas } from "./replicas/declared-replicas.ts";
import { formedMesh } from "./mesh/formed-mesh.ts";
import { sharedFate } from "./mesh/shared-fate.ts";
import { singleIncarnations } from "./mesh/single-incarnations.ts";
import { contiguousAppends } from "./persist/contiguous-appends.ts";
import { openUppers } from "./persist/open-uppers.ts";
import { orderedFrontiers } from "./persist/ordered-frontiers.ts";
import { singleWrites } from "./persist/single-writes.ts";
import { caughtUpSources } from "./connectors/caught-up-sources.ts";
import { recordedFailure } from "./connectors/recorded-failure.ts";
import { recordedOutage } from "./connectors/recorded-outage.ts";
import { runningConnectors } from "./connectors/running-connectors.ts";
import { shownOutage } from "./connectors/shown-outage.ts";
import { shownStatuses } from "./connectors/shown-statuses.ts";
import { statusPath } from "./connectors/status-path.ts";
import { exactDelivery } from "./sinks/exact-delivery.ts";
import { fencedCommits } from "./sinks/fenced-commits.ts";
import { followedInput } from "./sinks/followed-input.ts";
import { progressBeyondAsOf } from "./sinks/progress-beyond-as-of.ts";
import { progressRises } from "./sinks/progress-rises.ts";
import { resumedProgress } from "./sinks/resumed-progress.ts";
import { prefixOfLog } from "./sources/prefix-of-log.ts";
import { singleReflection } from "./sources/single-reflection.ts";
import { undecodableKept } from "./sources/undecodable-kept.ts";
import { countedErrors } from "./views/counted-errors.ts";
import { readAnswers } from "./views/read-answers.ts";
import { viewContents } from "./views/view-contents.ts";
import { endedStatements } from "./time/ended-statements.ts";
import { oracleTimes } from "./time/oracle-times.ts";

export const invariants = byId({
  "S-FRO-1": orderedFrontiers,
  "S-FRO-2": openUppers,
  "S-WRI-1": contiguousAppends,
  "S-WRI-2": singleWrites,
  "S-FEN-1": risingTokens,
  "S-FEN-2": singleToken,
  "S-FEN-3": fencedWrites,
  "S-FEN-4": fenceReasons,
  // Before the rule of all ends, since it names the cause.
  "S-CTL-2": staleMessages,
  "S-CONN-1": environmentEnds,
  "S-CRE-1": createdItems,
  "S-CRE-2": untouchedBrokers,
  "S-LIN-2": oracleTimes,
  "S-MESH-1": singleIncarnations,
  "S-MESH-2": sharedFate,
  "S-REC-1": allOrNothing,
  "S-REC-2": mentionedObjects,
  "S-REC-3": keptDataflows,
  "S-CTL-1": reportedFrontiers,
  "S-FRO-4": readableInputs,
  "S-MESH-3": installedOrder,
  "L-ERR-1": honouredDrops,
  "S-CONN-2": statusPath,
  "S-CONN-3": shownOutage,
  "S-CONN-4": shownStatuses,
  "S-CONN-5": recordedFailure,
  "S-ING-1": prefixOfLog,
  "S-ING-2": singleReflection,
  "S-ERR-1": undecodableKept,
  "S-ERR-3": countedErrors,
  "S-SINK-5": progressBeyondAsOf,
  "S-SINK-3": resumedProgress,
  "S-SINK-2": fencedCommits,
  "S-SINK-6": progressRises,
  "S-SINK-1": exactDelivery,
  "ORACLE-VIEW": viewContents,
  "ORACLE-READ": readAnswers,
  "L-CTL-1": movingSinces,
  "L-CONN-1": caughtUpSources,
  "L-CONN-2": recordedOutage,
  "L-CONN-4": runningConnectors,
  "L-SINK-1": followedInput,
  "L-MESH-1": formedMesh,
  "L-BOOT-1": leadingEnvironment,
  // Behind those that name the cause.
  "L-CTL-2": declaredReplicas,
  "L-QRY-1": endedStatements,
});

/** The definitions alone, for scenarios that use all and for listings. */
export const invariantDefinitions: readonly InvariantDefinition[] = Object.values(invariants);

/** The entries as they are, without what each keeps of a run in their type. */
function byId<Id extends string>(entries: { readonly [id in Id]: { readonly id: string } }): {
  readonly [id in Id]: InvariantDefinition;
} {
  return entries as unknown as { readonly [id in Id]: InvariantDefinition };
}
