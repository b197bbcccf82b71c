/** The decisions that keep an environment right: when it may write, answer, compact and end. */
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Frontier, Time } from "../collection.ts";
import type { RenderedObject } from "../compute/protocol.ts";
import type { EngineReason } from "./fate.ts";
import { engineReasons } from "./fate.ts";

/** Steps of a table write behind the allocation of its time. */
export type WriteStep = "advance-catalog" | "append" | "apply" | "answer";

/** What an answer rests on: data of a replica, the state of this process, or nothing but the statement. */
export type AnswerKind = "data" | "system" | "constant" | "error";

export interface CoordinatorPolicies {
  /** The order in which a table write goes. */
  readonly writeSteps: () => readonly WriteStep[];
  /** Whether an answer waits until it is clear that this process still led when the statement had begun. */
  readonly confirmsLeadership: (kind: AnswerKind) => boolean;
  /** The time of a read: `applied` is the oracle's, asked after the statement began, `since` that of the inputs. */
  readonly readTime: (applied: Time, since: Time) => Time;
  /** Whether a reason to end ends the process; if not, only the statement that met it fails. */
  readonly ends: (reason: EngineReason) => boolean;
  /** Exit code for a reason. */
  readonly exitCode: (reason: EngineReason) => number;
  /** What is done at boot about the brokers of a sink or source before the environment serves. */
  readonly contactAtBoot: (ports: EnginePorts, brokers: readonly string[]) => Promise<void>;
  /** Which objects of a filled catalog the replicas hear of before they may drop what they have not heard of. */
  readonly mentionedFirst: (objects: readonly RenderedObject[]) => readonly RenderedObject[];
  /** Whether what can fail about a new object is done before the catalog has it. */
  readonly purifiesFirst: () => boolean;
  /** Whether a statement is planned again at its commit, when the catalog may have changed since. */
  readonly plansAgain: () => boolean;
  /** What a report about an object that is not there means. */
  readonly unknownReport: (id: string) => "ignore" | "halt";
  /** Whether health reported by one incarnation of an object says something about another. */
  readonly isCurrent: (reported: number, present: number) => boolean;
  /** Where a dataflow begins to read: `sinces` of its inputs and of its own shard, `upper` of that one. */
  readonly asOf: (sinces: readonly Time[], upper: Frontier) => Time;
  /** Up to where a shard may be compacted: `applied` by the oracle, and the earliest time that each reader needs. */
  readonly sinceTarget: (applied: Time, needs: readonly Time[]) => Time;
  /** Whether an empty frontier that a replica reports finishes the object's shard for ever. */
  readonly finishes: (reported: Frontier) => boolean;
}

/** How long, in milliseconds, the past stays readable. */
const readableFor = 10_000;

export const coordinatorPolicies: CoordinatorPolicies = {
  writeSteps: () => ["advance-catalog", "append", "apply", "answer"],
  confirmsLeadership: () => true,
  readTime: (applied, since) => Math.max(applied, since),
  ends: () => true,
  exitCode: (reason) => engineReasons[reason].code,
  contactAtBoot: async () => undefined,
  mentionedFirst: (objects) => objects,
  purifiesFirst: () => true,
  plansAgain: () => true,
  unknownReport: () => "ignore",
  isCurrent: (reported, present) => reported === present,
  asOf: (sinces, upper) => Math.max(0, ...sinces, upper === null ? 0 : upper - 1),
  sinceTarget: (applied, needs) => Math.max(0, Math.min(applied - readableFor, ...needs)),
  finishes: (reported) => reported === null,
};
