/** A mesh in memory whose messages wait until they are delivered by hand, in order for each pair of members. */
import type { Json } from "../../../../src/base/json.ts";
import type { Mesh } from "../../../../src/engine/mesh/mesh.ts";

interface Member extends Mesh {
  onMessage: ((peer: number, message: Json) => void) | null;
}

export class MemoryMesh {
  readonly members: readonly Member[];
  readonly #ways = new Map<string, { readonly from: number; readonly to: number; readonly messages: Json[] }>();

  constructor(size: number) {
    this.members = Array.from({ length: size }, (_, index) => ({
      index,
      size,
      epoch: "1.1",
      onMessage: null,
      send: (to: number, message: Json) => {
        const key = `${index} ${to}`;
        if (!this.#ways.has(key)) this.#ways.set(key, { from: index, to, messages: [] });
        this.#ways.get(key)!.messages.push(JSON.parse(JSON.stringify(message)) as Json);
      },
    }));
  }

  /** Delivers all messages, and those that they lead to, but for the ways that are held. */
  async deliver(held: readonly string[] = []): Promise<void> {
    for (;;) {
      // Members send at the end of what is the dispatch of a process elsewhere.
      await new Promise((resolve) => setImmediate(resolve));
      const open = [...this.#ways].filter(([key, { messages }]) => messages.length > 0 && !held.includes(key));
      if (open.length === 0) return;
      for (const [, { from, to, messages }] of open) this.members[to]!.onMessage?.(from, messages.shift()!);
    }
  }

  /** How many messages wait on a way. */
  waiting(way: string): number {
    return this.messages(way).length;
  }

  /** The messages that wait on a way. */
  messages(way: string): readonly Json[] {
    return this.#ways.get(way)?.messages ?? [];
  }
}
