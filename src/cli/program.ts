/**
 * The command line as a whole: parsed by commander from the registry's values. Wrong usage ends in one message and exit
 * code 2; anything unexpected in a message, a hint and exit code 5. Stacks are shown for `--debug` only.
 */
import { Command as Program, CommanderError, Option } from "commander";
import type { Command } from "./command.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "../base/errors.ts";
import { unknownName } from "../base/nearest.ts";
import { alignRows, left, right } from "../report/text/columns.ts";
import { printable } from "../report/text/printable.ts";
import { exitCodeDocs, exitCodes } from "./exit-codes.ts";
import { commands } from "./registry.ts";
import { version } from "../base/version.ts";

/** Runs one command line (without the names of node and program) and resolves to its exit code. Never rejects. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal): Promise<number> {
  let code: number = exitCodes.passed;
  const program = programOf(terminal, (result) => {
    code = result;
  });
  try {
    checkName(argv);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync([...argv], { from: "user" });
    return code;
  } catch (error) {
    return explain(error, argv, terminal);
  }
}

function programOf(terminal: Terminal, ended: (code: number) => void): Program {
  const program = new Program("wavetank")
    .description("Deterministic simulation testing: the same seed is the same storm, for ever.")
    .version(version, "-V, --version", "print the version")
    .helpCommand("help [command]", "print help, of a command if one is named")
    .addHelpText("after", exitCodeHelp);
  for (const command of commands) program.addCommand(subcommand(command, terminal, ended));
  for (const each of [program, ...program.commands]) {
    each
      .exitOverride()
      .showSuggestionAfterError(false)
      .helpOption("-h, --help", "print help")
      .configureHelp({ helpWidth: Math.min(100, terminal.out.style.width) })
      .configureOutput({ writeOut: (text) => terminal.out.text(text), writeErr: () => undefined });
  }
  return program;
}

function subcommand(command: Command, terminal: Terminal, ended: (code: number) => void): Program {
  const program = new Program(command.name).description(command.doc);
  if (command.args !== "") program.arguments(command.args);
  for (const flag of Object.values(command.flags)) {
    const option = new Option(flag.spelling, flag.doc);
    if (flag.parse !== undefined) option.argParser((text, before) => flag.parse!(text, before));
    program.addOption(option);
  }
  program.addOption(new Option("--debug", "show the stack of an unexpected error"));
  program.addHelpText(
    "after",
    `\nExamples:\n${command.examples.map((example) => `  $ npx wavetank ${example}\n`).join("")}`,
  );
  return program.allowExcessArguments().action(async () => {
    checkCount(command, program.args);
    ended(await command.run(terminal, program.args, program.opts()));
  });
}

/** The command's own name, and that of the one that help is asked for: commander would answer a wrong one with help. */
function checkName([first, second]: readonly string[]): void {
  const known = commands.map((command) => command.name);
  const name = first === "help" ? second : first;
  if (name === undefined || name.startsWith("-") || known.includes(name)) return;
  throw new UsageError(unknownName("command", name, known));
}

/** Commander would count excess arguments without naming them. */
function checkCount(command: Command, args: readonly string[]): void {
  if (command.args.endsWith("...]")) return;
  const extra = args[command.args === "" ? 0 : 1];
  if (extra === undefined) return;
  const takes = command.args === "" ? "no arguments" : `one ${command.args}`;
  throw new UsageError(`"${extra}" is one argument too many: ${command.name} takes ${takes}`);
}

/** Says what went wrong; the exit code. */
function explain(error: unknown, argv: readonly string[], terminal: Terminal): number {
  const { err } = terminal;
  const fail = (message: string): void => err.lines([`${err.style.paint.bad("error")} ${message}`]);
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.passed;
    fail(printable(usageMessage(error, argv)));
    return exitCodes.usage;
  }
  if (error instanceof UsageError) {
    fail(printable(error.message));
    return exitCodes.usage;
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  fail(printable(text));
  if (argv.includes("--debug")) err.lines([error instanceof Error ? (error.stack ?? text) : text]);
  else
    err.lines(["This is unexpected, in Wavetank or in a scenario that it called. --debug shows where it comes from."]);
  return exitCodes.harness;
}

/** Commander's complaints in the words of all other usage errors: the value, what is allowed, the nearest match. */
function usageMessage(error: CommanderError, argv: readonly string[]): string {
  const named = /'(.+?)'/.exec(error.message)?.[1] ?? "";
  const command = commands.find((each) => each.name === argv.find((word) => !word.startsWith("-")));
  const flags = Object.values(command?.flags ?? {}).map((flag) => flag.spelling.split(/[ ,]/)[0]!);
  switch (error.code) {
    case "commander.unknownOption":
      return unknownName("option", named, [
        ...flags,
        ...(command === undefined ? ["--version"] : ["--debug"]),
        "--help",
      ]);
    case "commander.optionMissingArgument": {
      const flag = Object.values(command?.flags ?? {}).find((each) => each.spelling === named);
      return `option "${named}" needs a value${flag === undefined ? "" : `: ${flag.doc}`}`;
    }
    case "commander.missingArgument":
      return `${command?.name ?? "the command"} needs "${named}": wavetank ${command?.name ?? ""} ${command?.args ?? ""}`;
    default:
      return error.message.replace(/^error: /, "");
  }
}

function exitCodeHelp(): string {
  const rows = exitCodeDocs.map(([code, meaning]) => [right(`  ${code}`), left(meaning)]);
  return `\nExit codes:\n${alignRows(rows).join("\n")}\n`;
}
