/** The error that the client's calls reject with. */
import type { KafkaFailure, KafkaFailureClass } from "../../../ports/kafka.ts";
import type { KafkaErrorCode } from "../../../ports/kafka-rpc.ts";

/** A failed call, with its code and class. The message is made of those and of what was tried; equal on every runtime. */
export class KafkaFailureError extends Error implements KafkaFailure {
  override readonly name = "KafkaFailure";
  readonly code: KafkaErrorCode | string;
  readonly failure: KafkaFailureClass;
  /** An attempt before the last one may have had its effect; always so when `ambiguous`, possible when `fenced`. */
  readonly isUncertain: boolean;

  constructor(code: string, failure: KafkaFailureClass, what: string, isUncertain = failure === "ambiguous") {
    super(`${what}: ${code} (${failure})`);
    this.code = code;
    this.failure = failure;
    this.isUncertain = isUncertain;
  }
}
