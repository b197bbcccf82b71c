/** Says what is wrong with a text of XML or of HTML that closes all its elements; null when it is well-formed. */
const voids = new Set(["meta", "line", "br"]);

export function markupProblem(text: string): string | null {
  const open: string[] = [];
  const tag = /<(?:[!?][^>]*|\/([a-z]\w*)|([a-z]\w*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?))>/y;
  let at = 0;
  while (at < text.length) {
    if (text[at] !== "<") {
      const end = text.indexOf("<", at);
      const chunk = text.slice(at, end < 0 ? text.length : end);
      if (/&(?!(?:amp|lt|gt|quot|#39);)/.test(chunk) && open.at(-1) !== "style") return `a bare & in ${chunk}`;
      at += chunk.length;
      continue;
    }
    tag.lastIndex = at;
    const found = tag.exec(text);
    if (found === null) return `no tag at ${text.slice(at, at + 60)}`;
    const [whole, closed, opened, , isClosed] = found;
    if (closed !== undefined && open.pop() !== closed) return `</${closed}> closes nothing`;
    if (opened !== undefined && isClosed === "" && !voids.has(opened)) open.push(opened);
    at += whole.length;
  }
  return open.length === 0 ? null : `<${open.at(-1)}> is left open`;
}
