/** What clients were promised, judged from what they and the replicas tell. */
import { defineInvariant } from "wavetank";
import type { Seen } from "./observations.ts";

interface Places {
  readonly valueAt: Map<number, number>;
  readonly positionOf: Map<number, number>;
}

function place({ valueAt, positionOf }: Places, value: number, position: number) {
  const other = valueAt.get(position) ?? value;
  const known = positionOf.get(value) ?? position;
  valueAt.set(position, other);
  positionOf.set(value, known);
  if (known !== position)
    return { message: `value ${value} is in the list twice`, expected: known, observed: position };
  if (other !== value) return { message: `place ${position} has two values`, expected: other, observed: value };
  return undefined;
}

export const appendedOnce = defineInvariant<Places, Seen>({
  id: "RL-3",
  doc: "An append that was acknowledged stays where it is in the list, and no append is in it twice.",
  state: () => ({ valueAt: new Map(), positionOf: new Map() }),
  on: {
    "append.acked": (places, { value, position }) => place(places, value, position),
    "entry.applied": (places, { value, position, isFirst }) => (isFirst ? place(places, value, position) : undefined),
  },
});

/** The list as clients know it. */
interface History {
  readonly started: Set<number>;
  /** Values at places that some client knows of. */
  readonly known: Map<number, number>;
  /** So long the list certainly is. */
  length: number;
  /** The same at the moment when an operation started. */
  readonly lengthBefore: Map<string, number>;
}

export const linearizable = defineInvariant<History, Seen>({
  id: "RL-4",
  doc: "A read returns all that was acknowledged or read before it started, in one order, and nothing nobody asked for.",
  state: () => ({ started: new Set(), known: new Map(), length: 0, lengthBefore: new Map() }),
  on: {
    "append.started": (history, { value }) => {
      history.started.add(value);
      history.lengthBefore.set(`append ${value}`, history.length);
    },
    "append.acked": (history, { value, position }) => {
      const least = (history.lengthBefore.get(`append ${value}`) ?? 0) + 1;
      if (position < least)
        return { message: "an append went before what it came after", expected: { least }, observed: position };
      history.length = Math.max(history.length, position);
      return know(history, position, value);
    },
    "read.started": (history, { read }) => void history.lengthBefore.set(`read ${read}`, history.length),
    "read.returned": (history, { read, values }) => {
      const least = history.lengthBefore.get(`read ${read}`) ?? 0;
      if (values.length < least) {
        return { message: "a read missed what was there before it", expected: { least }, observed: values.length };
      }
      const invented = values.find((value) => !history.started.has(value));
      if (invented !== undefined) return { message: "a read returned what nobody appended", observed: invented };
      history.length = Math.max(history.length, values.length);
      for (const [index, value] of values.entries()) {
        const breach = know(history, index + 1, value);
        if (breach !== undefined) return breach;
      }
      return undefined;
    },
  },
});

function know({ known }: History, position: number, value: number) {
  const other = known.get(position) ?? value;
  known.set(position, other);
  if (other === value) return undefined;
  return { message: `clients see two values at ${position}`, expected: other, observed: value };
}
