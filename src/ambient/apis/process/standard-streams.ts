/**
 * `process.stdout` and `stderr` are streams of the process itself, no terminal, whose writes become captured output; a
 * real one that was captured earlier writes there too. `process.stdin` is refused. Allowed to code held to ports.
 */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { Writable } from "node:stream";
import { current } from "../../../kernel/current.ts";
import { defineAmbient } from "../../definition.ts";
import { processLocal } from "../../process-local.ts";
import { refuseCall } from "../../trap.ts";

const outputOf = processLocal((owner) => ({
  stdout: outputStream(owner, "log"),
  stderr: outputStream(owner, "error"),
}));

export const standardStreams = defineAmbient({
  family: "standard-streams",
  doc: "process.stdout and stderr write to the run's captured output; process.stdin is refused.",
  install(patch) {
    for (const key of ["stdout", "stderr"] as const) {
      patch.getter(process, key, (read) => (self) => {
        const owner = current.process;
        if (owner !== null) return outputOf(owner)[key];
        const stream: unknown = read(self);
        patch.method(stream as object, "write", (original) => {
          return function (this: unknown, ...args: unknown[]): unknown {
            const writer = current.process;
            return writer === null
              ? (Reflect.apply(original, this, args) as unknown)
              : Reflect.apply(outputOf(writer)[key].write, outputOf(writer)[key], args as [string]);
          };
        });
        return stream;
      });
    }
    patch.getter(process, "stdin", (read) => (self) => {
      refuseCall("process.stdin", "a run has no input; pass it as an argument");
      return read(self);
    });
  },
});

function outputStream(owner: AmbientProcess, level: "log" | "error"): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: string | Uint8Array, _encoding, done) {
      const text = typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8");
      owner.print(level, text.endsWith("\n") ? text.slice(0, -1) : text);
      done();
    },
  });
}
