/** Text inside XML and HTML. */

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

// XML 1.0 has no way to write these, not even escaped; lone surrogates cannot be encoded at all.
const forbidden =
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text for elements and quoted attributes: markup escaped, what no document may hold replaced. */
export function escaped(text: string): string {
  return text.replace(forbidden, "\ufffd").replace(/[&<>"']/g, (char) => entities[char]!);
}
