/** The version of this package, from its `package.json`: two levels up from here in `src` and in `dist` alike. */
import { readFileSync } from "node:fs";

/** The version, as `1.2.3`. */
export function wavetankVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { readonly version: string }).version;
}
