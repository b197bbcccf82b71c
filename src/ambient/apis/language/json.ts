/**
 * `JSON.parse`: the same values, but one message for every text that is none. The engine's own messages differ between
 * Node versions and would enter a run through whoever prints or sends them.
 */
import { current } from "../../../kernel/current.ts";
import { defineAmbient } from "../../definition.ts";
import { jsonParse } from "../../real.ts";

const message = "the text is not valid JSON";

export const json = defineAmbient({
  family: "json",
  doc: "JSON.parse fails with the same message on every Node version.",
  install(patch) {
    patch.method(JSON, "parse", (original) => (text: unknown, reviver?: unknown) => {
      if (current.process === null) return original(text, reviver) as unknown;
      const source = String(text);
      if (typeof reviver !== "function") return parse(source);
      parse(source);
      return original(source, reviver) as unknown;
    });
  },
});

function parse(source: string): unknown {
  try {
    return jsonParse(source) as unknown;
  } catch {
    throw new SyntaxError(message); // no cause: the engine's message must not travel along
  }
}
