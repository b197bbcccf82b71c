/**
 * What is seen of a suite under way: on a terminal a frame that is redrawn at most ten times a second, elsewhere a line
 * every ten seconds. Standard output is left alone when it is to hold a document: then only a terminal on standard error
 * shows anything.
 */
import type { SuiteProgress } from "../runner/finding/finding.ts";
import type { Output, Terminal } from "./terminal.ts";
import { progressFrame, progressLine } from "../report/text/progress-text.ts";
import { hasKeys } from "./terminal.ts";

export interface LiveView {
  /** Whether it draws on a terminal, and so says which key stops. */
  readonly isDrawn: boolean;
  show(progress: SuiteProgress): void;
  /** What the corner says from now on. */
  hint(text: string): void;
  /** Takes the frame off the screen. */
  end(): void;
}

const frameMillis = 100;
const lineMillis = 10_000;

/** The view for a terminal. `takesOutput`: standard output belongs to a document. */
export async function openLiveView(terminal: Terminal, takesOutput: boolean): Promise<LiveView> {
  const drawn = [...(takesOutput ? [] : [terminal.out]), terminal.err].find((output) => output.isTty);
  if (drawn !== undefined) {
    const { createLogUpdate } = await import("log-update");
    return new FrameView(drawn, createLogUpdate(drawn.stream), hasKeys(terminal.stdin) ? "q stop" : "Ctrl-C stop");
  }
  return new LineView(takesOutput ? null : terminal.out);
}

/** What log-update makes for a stream. */
interface Frame {
  (text: string): void;
  clear(): void;
  done(): void;
}

class FrameView implements LiveView {
  readonly isDrawn = true;
  readonly #output: Output;
  readonly #frame: Frame;
  readonly #timer: ReturnType<typeof setInterval>;
  #progress: SuiteProgress | null = null;
  #hint: string;
  #isStale = false;

  constructor(output: Output, frame: Frame, hint: string) {
    this.#output = output;
    this.#frame = frame;
    this.#hint = hint;
    this.#timer = setInterval(() => this.#draw(), frameMillis);
    this.#timer.unref();
  }

  show(progress: SuiteProgress): void {
    this.#progress = progress;
    this.#isStale = true;
  }

  hint(text: string): void {
    this.#hint = text;
    this.#isStale = true;
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#frame.clear();
    this.#frame.done();
  }

  #draw(): void {
    if (!this.#isStale || this.#progress === null) return;
    this.#isStale = false;
    this.#frame(progressFrame(this.#progress, this.#hint, this.#output.style).join("\n"));
  }
}

class LineView implements LiveView {
  readonly isDrawn = false;
  readonly #output: Output | null;
  #shownAt = performance.now();

  constructor(output: Output | null) {
    this.#output = output;
  }

  show(progress: SuiteProgress): void {
    const now = performance.now();
    if (this.#output === null || now - this.#shownAt < lineMillis) return;
    this.#shownAt = now;
    this.#output.lines([progressLine(progress)]);
  }

  hint(): void {
    // Nothing on a log says how to stop.
  }

  end(): void {
    this.#shownAt = Infinity;
  }
}
