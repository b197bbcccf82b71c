/** `wavetank list`: what there is to test with, and what proves it. */
import type { ListedInvariant, Listing } from "../../report/listing.ts";
import type { SimDefinition } from "../../runner/definition.ts";
import { defineCommand, onOff } from "../command.ts";
import { chosen } from "../flag-values.ts";

export const listCommand = defineCommand({
  name: "list",
  args: "[what]",
  doc: "List scenarios, faults, invariants, bugs or cores; all of them unless told which.",
  flags: { json: onOff("--json", "print one JSON document, always of everything") },
  examples: ["list", "list invariants", "list --json"],
  run: async (terminal, [what], flags) => {
    const { listedKinds } = await import("../../report/listing.ts");
    const kinds = what === undefined ? listedKinds : [chosen("kind of list", what, listedKinds)];
    const { loadProject } = await import("../project.ts");
    const [{ scenarios }, { faultDefinitions }, { explorables }] = await Promise.all([
      loadProject(terminal),
      import("../../faults/registry.ts"),
      import("../../models/registry.ts"),
    ]);
    const cores = Object.values(explorables).map(({ id, doc }) => ({ id, doc }));
    const listing = listingOf(scenarios, faultDefinitions, cores);
    if (flags.json === true) {
      const { documentText, listDocument } = await import("../../report/document-of.ts");
      terminal.out.text(documentText(listDocument(listing)));
    } else {
      const { listingLines } = await import("../../report/text/listing-text.ts");
      const { isTty, style } = terminal.out;
      // Only a terminal has an edge: what goes to a file or a pager keeps its docs whole.
      terminal.out.lines(listingLines(listing, kinds, isTty ? style : { ...style, width: Infinity }));
    }
    return 0;
  },
});

/** Everything that scenarios and the registry of faults hold. */
export function listingOf(
  scenarios: readonly SimDefinition[],
  registry: readonly { readonly id: string; readonly doc: string; readonly witness: string }[],
  cores: Listing["cores"],
): Listing {
  const used = scenarios.flatMap((scenario) => scenario.faults.map(({ fault }) => fault));
  const faults = new Map([...registry, ...used].map((fault) => [fault.id, fault]));
  const naming = (has: (scenario: SimDefinition) => boolean): string[] =>
    scenarios.filter(has).map((scenario) => scenario.name);
  return {
    scenarios: scenarios.map((scenario) => ({
      id: scenario.name,
      doc: scenario.doc,
      file: scenario.file ?? null,
      ops: Object.keys(scenario.ops),
      faults: scenario.faults.map(({ fault }) => fault.id),
      invariants: scenario.invariants.map((invariant) => invariant.id),
      bugs: scenario.bugs.map((bug) => bug.id),
    })),
    faults: [...faults.values()].map(({ id, doc, witness }) => ({
      id,
      doc,
      witness,
      scenarios: naming((scenario) => scenario.faults.some(({ fault }) => fault.id === id)),
    })),
    workloads: scenarios.flatMap((scenario) =>
      Object.keys(scenario.ops).map((op) => ({ id: `${scenario.name}.${op}`, doc: `Op "${op}" of ${scenario.name}.` })),
    ),
    invariants: listedInvariants(scenarios, naming),
    bugs: scenarios.flatMap((scenario) =>
      scenario.bugs.map(({ id, title, source, breaks }) => ({
        id,
        doc: title,
        source,
        breaks,
        scenario: scenario.name,
      })),
    ),
    cores,
  };
}

function listedInvariants(
  scenarios: readonly SimDefinition[],
  naming: (has: (scenario: SimDefinition) => boolean) => string[],
): ListedInvariant[] {
  const invariants = new Map(scenarios.flatMap((scenario) => scenario.invariants).map((each) => [each.id, each]));
  const bugs = scenarios.flatMap((scenario) => scenario.bugs);
  return [...invariants.values()].map(({ id, doc, on }) => ({
    id,
    doc,
    kind: Object.keys(on).length === 0 ? "end" : "safe",
    provenBy: bugs.filter((bug) => bug.breaks === id).map((bug) => bug.id),
    scenarios: naming((scenario) => scenario.invariants.some((invariant) => invariant.id === id)),
  }));
}
