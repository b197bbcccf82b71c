/** `wavetank explore`, from its words to its exit code. */
import { describe, expect, it } from "vitest";
import { runCommandLine } from "../../src/cli/program.ts";
import { terminalOf } from "../../src/cli/terminal.ts";
import { exploreDocumentSchema } from "../../src/report/documents.ts";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function wavetank(...argv: string[]): Promise<Ended> {
  return wavetankOn({}, {}, argv);
}

/** Runs a command line with standard output and standard error on terminals or not. */
async function wavetankOn(
  ttys: { readonly out?: boolean; readonly err?: boolean },
  env: NodeJS.ProcessEnv,
  argv: readonly string[],
): Promise<Ended> {
  const written = { out: "", err: "" };
  const stream = (to: "out" | "err"): NodeJS.WriteStream => {
    const write = (text: string): void => void (written[to] += text);
    return { isTTY: ttys[to] === true, columns: 100, rows: 40, write } as unknown as NodeJS.WriteStream;
  };
  const streams = { stdout: stream("out"), stderr: stream("err"), stdin: {} as NodeJS.ReadStream };
  const code = await runCommandLine(
    argv,
    terminalOf(streams, env, "/project", () => undefined),
  );
  return { code, ...written };
}

const escape = "\u001B[";
/** How text looks that is coloured, bold or faint. */
const painted = /\[\d+m/;
const explored = ["explore", "mesh", "--core", "B38"];
const progress = /mesh: 3 processes, .* states, .* waiting/;

describe("wavetank explore", () => {
  it("shows a sound core's worlds, what holds in them, and ends with 0", async () => {
    const { code, out, err } = await wavetank("explore", "lifecycle");
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/ ✔ 1 connector, 2 incarnations, ≤2 faults +13,527 +44,659 +22 +[\d.]+ m?s +complete\n/);
    expect(out).toMatch(
      / ✔ 1 connector, 2 parts, 1 incarnation, ≤3 faults +109,585 +742,108 +36 +[\d.]+ m?s +complete\n/,
    );
    expect(out).toContain(
      " ✔ from every state the last row says how the connector is once faults stop; worst 32 steps\n",
    );
    expect(out).toContain(" ✔ core transitions 45/45\n");
  });

  it("explores a planted protocol, tells its shortest story and ends with 1", async () => {
    const { code, out } = await wavetank("explore", "mesh", "--core", "v0");
    expect(code).toBe(1);
    expect(out).toContain("mesh, planted v0");
    expect(out).toContain("L-MESH-1 violated by 3 processes");
    expect(out).toMatch(
      /4 {2}FAULT 0 crashes\n {3}And then, round and round:\n {6}5 {2}1 hears that its link to 0 is dead\n/,
    );
  });

  it("prints a document that keeps to its schema", async () => {
    const { code, out } = await wavetank("explore", "fencing", "--core", "B15", "--json");
    const parsed: unknown = JSON.parse(out);
    const document = exploreDocumentSchema.parse(parsed);
    expect(document).toEqual(parsed);
    expect(document).toMatchObject({ core: "fencing", planted: "B15", ok: false, exitCode: code, complete: false });
    expect(document.violation).toMatchObject({ kind: "safety", property: "S-FEN" });
    expect(document.violation!.message).toContain("S-FEN-4");
    expect(document.worlds.map(({ states }) => states)).toEqual([document.states]);
  });

  it("plants a bug in whichever core it belongs to", async () => {
    expect((await wavetank("explore", "--core", "B15")).out).toContain("fencing, planted B15");
  });

  it("draws how far it is on a terminal, in colours unless NO_COLOR says otherwise", async () => {
    const drawn = await wavetankOn({ out: true }, {}, explored);
    expect(drawn.out).toMatch(progress);
    expect(drawn.out).toMatch(painted);
    const plain = await wavetankOn({ out: true }, { NO_COLOR: "1" }, explored);
    expect(plain.out).toMatch(progress);
    expect(plain.out).not.toMatch(painted);
  });

  it("writes nothing but text where there is no terminal, and nothing but the document with --json", async () => {
    const plain = await wavetankOn({}, {}, explored);
    expect(plain.err).toBe("");
    expect(plain.out).not.toContain(escape);
    expect(plain.out).not.toMatch(progress);
    const document = await wavetankOn({ out: true, err: true }, {}, [...explored, "--json"]);
    expect(document.out).not.toContain(escape);
    expect(exploreDocumentSchema.parse(JSON.parse(document.out))).toMatchObject({ core: "mesh", planted: "B38" });
    expect(document.err).toMatch(progress);
  });

  it("names the nearest match of a wrong core, and ends with 2", async () => {
    expect(await wavetank("explore", "mehs")).toEqual({
      code: 2,
      out: "",
      err: 'error unknown core "mehs"; did you mean "mesh"? (known: mesh, lifecycle, fencing)\n',
    });
    const { code, err } = await wavetank("explore", "mesh", "--core", "v9");
    expect(code).toBe(2);
    expect(err).toContain('unknown value of --core "v9"');
    expect((await wavetank("explore", "lifecycle", "--core", "v0")).err).toContain(
      "nothing can be planted in lifecycle",
    );
  });
});
