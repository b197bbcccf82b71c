/** A query at one time, as one process runs it: a dataflow over contents at that time, which ends with its result. */
import type { Entry, Update } from "../../../collection.ts";
import type { ShareStep } from "../../../dataflow/share.ts";
import type { Peek } from "../../protocol.ts";
import type { RunningDataflow, Surroundings } from "./dataflow.ts";
import { render } from "../../../dataflow/layout.ts";
import { Share } from "../../../dataflow/share.ts";
import { evaluation } from "./evaluation.ts";
import { SourceReader } from "./source-reader.ts";
import { readBy } from "./sources.ts";

export class RunningPeek implements RunningDataflow {
  readonly share: Share;
  readonly #number: number;
  readonly #surroundings: Surroundings;
  readonly #reader: SourceReader;
  readonly #result: Update<Entry>[] = [];

  constructor(number: number, { plan, sources, asOf }: Peek, surroundings: Surroundings) {
    const { host, persist, place, dataflowPolicies: policies, report, touch } = surroundings;
    this.#number = number;
    this.#surroundings = surroundings;
    const share = new Share(render(plan, null), { ...place, asOf, evaluate: evaluation(host), policies });
    this.share = share;
    this.#reader = new SourceReader({
      persist,
      sources: readBy(plan, sources),
      asOf,
      isSnapshot: true,
      feed: (source, updates, frontier) => {
        share.feed(source, updates, frontier);
        touch(number);
      },
      compacted: () => {
        const message = `contents at ${asOf} are not kept any more`;
        report({ kind: "peek-part", number, part: { failure: { code: "72000", message, identity: "" } } });
      },
    });
  }

  stepped({ result, frontier }: ShareStep): boolean {
    this.#result.push(...result);
    if (frontier !== null) return false;
    const changes = this.#result.map(([entry, , diff]) => [entry, diff] as const);
    this.#surroundings.report({ kind: "peek-part", number: this.#number, part: { changes } });
    return true;
  }

  stop(): void {
    this.#reader.stop();
  }
}
