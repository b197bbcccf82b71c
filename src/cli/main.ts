#!/usr/bin/env node
/** The program: the only place that reads arguments and ends the process. */
import { runCommandLine } from "./program.ts";
import { terminalOf } from "./terminal.ts";

const { stdout, stderr, stdin } = process;
const terminal = terminalOf({ stdout, stderr, stdin }, process.env, process.cwd(), (code) => process.exit(code));

// A reader that has seen enough (`wavetank list | head`) closes the pipe: nothing to report, and nobody to report it to.
stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 5));

const code = await runCommandLine(process.argv.slice(2), terminal);
process.exitCode = code;
// Workers or handles of loaded scenarios must not keep a finished command alive; what was written goes out first.
stdout.write("", () => stderr.write("", () => process.exit(code)));
