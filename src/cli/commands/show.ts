/** `wavetank show`: opens the report in a browser, or says where it is. */
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../../base/errors.ts";
import { defineCommand } from "../command.ts";

export const showCommand = defineCommand({
  name: "show",
  args: "[report]",
  doc: "Open the last report, or the one in a folder, in the browser.",
  flags: {},
  examples: ["show", "show reports/nightly"],
  run: async (terminal, [report]) => {
    const page = await reportIn(terminal, report);
    terminal.out.lines([page]);
    const opener = openerFor(process.platform);
    if (terminal.out.isTty && hasDisplay(terminal)) {
      const error = await open(opener, page);
      if (error !== null) terminal.err.lines([`${opener[0]} did not open it (${error}): open the file by hand`]);
    }
    return 0;
  },
});

async function reportIn(terminal: Terminal, report: string | undefined): Promise<string> {
  const { loadConfig } = await import("../../scenario/config.ts");
  const { defaultReports } = await import("../project.ts");
  const folder = report ?? (await loadConfig(terminal.cwd)).reports ?? defaultReports;
  const path = resolve(terminal.cwd, folder);
  const page = existsSync(path) && statSync(path).isDirectory() ? join(path, "index.html") : path;
  if (existsSync(page)) return page;
  throw new UsageError(
    `there is no report "${folder}": run \`wavetank run --report ${folder}\` first, or name its folder`,
  );
}

/** The platform's own way to open a file with the program for its kind. */
function openerFor(platform: NodeJS.Platform): readonly [command: string, ...args: string[]] {
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["cmd", "/c", "start", ""];
  return ["xdg-open"];
}

function hasDisplay({ env }: Terminal): boolean {
  if (process.platform === "darwin" || process.platform === "win32") return true;
  return (env["DISPLAY"] ?? "") !== "" || (env["WAYLAND_DISPLAY"] ?? "") !== "";
}

/** Starts the opener and leaves it running; the reason if it did not start. */
function open([command, ...args]: readonly [string, ...string[]], page: string): Promise<string | null> {
  return new Promise((settle) => {
    const child = spawn(command, [...args, page], { detached: true, stdio: "ignore" });
    child.once("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.name));
    child.once("spawn", () => {
      child.unref();
      settle(null);
    });
  });
}
