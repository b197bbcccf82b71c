/** The least that benchmarks need of a process: messages that are awaited, delivered by events of their receiver. */
import { mix } from "../../base/hash.ts";
import { site, type Oracle } from "../../kernel/choices.ts";
import type { KernelEvent } from "../../kernel/event-queue.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { Process } from "../../kernel/process.ts";

const latencySite = site("bench.latency");

const clock = { wallMicros: () => 0, monotonicMicros: () => 0, virtualDelay: (micros: number) => micros };

interface Letter {
  readonly from: Mailbox;
  readonly to: Mailbox;
  readonly number: number;
}

export class Mailbox {
  readonly process: Process;
  readonly #kernel: Kernel;
  readonly #oracle: Oracle;
  readonly #kind: number;
  #letters: Letter[] = [];
  #waiting: ((letter: Letter | undefined) => void) | null = null;
  #timer: KernelEvent | null = null;

  constructor(kernel: Kernel, oracle: Oracle, name: string, kind: number, process?: Process) {
    this.#kernel = kernel;
    this.#oracle = oracle;
    this.#kind = kind;
    this.process =
      process ?? kernel.spawn({ name, incarnation: 1, hostName: name, ambient: "ports", clock, costMicros: 0 });
  }

  /** Another mailbox of the same process. */
  sibling(): Mailbox {
    return new Mailbox(this.#kernel, this.#oracle, this.process.name, this.#kind, this.process);
  }

  /** Runs a program as this process. */
  run(program: () => Promise<unknown>): void {
    this.#kernel.schedule(this.process, 0, this.#kind, this.process.number, () => void program(), undefined);
  }

  /** An effect of the present dispatch: a message with 1 to 10 ms of latency, drawn by key. */
  send(to: Mailbox, number: number): void {
    this.#kernel.stage(this.process, transmit, { from: this, to, number });
  }

  /** The next message. */
  receive(): Promise<Letter | undefined> {
    const letter = this.#letters.shift();
    if (letter !== undefined) return Promise.resolve(letter);
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  /** The next message, or undefined after `micros`. */
  receiveWithin(micros: number): Promise<Letter | undefined> {
    if (this.#letters.length === 0) {
      const { timerChannel } = this.process;
      this.#timer = this.#kernel.schedule(this.process, micros, this.#kernel.kinds.timer, timerChannel, giveUp, this);
    }
    return this.receive();
  }

  put(letter: Letter | undefined): void {
    const waiting = this.#waiting;
    if (waiting === null) {
      if (letter !== undefined) this.#letters.push(letter);
      return;
    }
    if (this.#timer !== null) this.#kernel.cancel(this.#timer);
    this.#timer = null;
    this.#waiting = null;
    waiting(letter);
  }

  transmit(letter: Letter): void {
    const key = mix(this.process.number, letter.number);
    const micros = 1_000 + this.#oracle.choose(latencySite, key, 9_001);
    this.#kernel.schedule(letter.to.process, micros, this.#kind, this.process.number, deliver, letter);
  }
}

function transmit(letter: Letter): void {
  letter.from.transmit(letter);
}

function deliver(letter: Letter): void {
  letter.to.put(letter);
}

function giveUp(box: Mailbox): void {
  box.put(undefined);
}
