/** What ended a run, as data: from the kernel's terms to verdict, signature and place. */
import type { Micros } from "../../base/time.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { BrokenRule } from "./judge.ts";
import type { Failure, FailureVerdict } from "./record.ts";
import { placeOf } from "../../kernel/place.ts";

type Ended = NonNullable<Kernel["failure"]>;

const verdicts: Readonly<Record<Ended["rule"], FailureVerdict>> = {
  invariant: "violated",
  body: "violated",
  panic: "crashed",
  nondeterminism: "diverged",
  stuck: "stuck",
  hung: "out-of-budget",
  "out-of-budget": "out-of-budget",
};

export function failureOf(ended: Ended): Failure {
  const isBody = ended.rule === "panic" && ended.process?.startsWith("driver#") === true;
  const rule = isBody ? "body" : ended.rule;
  const broken = ended.rule === "invariant" ? (ended.detail as BrokenRule) : null;
  const invariant = broken?.invariant ?? rule;
  const subject = isBody ? ended.subject.replace(/^driver /, "") : ended.subject;
  return {
    verdict: verdicts[rule],
    signature: subject === "" ? invariant : `${invariant}:${subject}`,
    invariant,
    subject,
    message: isBody ? ended.message.replace(/^driver#1 panicked/, "the body failed") : ended.message,
    expected: broken?.breach.expected,
    observed: broken?.breach.observed,
    at: ended.at as Micros,
    process: ended.process,
    place: ended.place ?? placeOf(ended.detail),
    event: ended.event,
  };
}
