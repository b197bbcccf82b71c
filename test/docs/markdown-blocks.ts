/** The parts of a Markdown file that tests run or generate. */

/** A fenced block. */
export interface FencedBlock {
  readonly language: string;
  readonly text: string;
  /** Text of the HTML comment right above it, or "". */
  readonly note: string;
}

/** Every fenced block of a file, in order. */
export function fencedBlocks(markdown: string): FencedBlock[] {
  const pattern = /(?:<!-- ([^\n]*?) -->\n)?```(\w*)\n([\s\S]*?)```/g;
  return [...markdown.matchAll(pattern)].map(([, note = "", language = "", text = ""]) => ({ note, language, text }));
}

/** What stands between `<!-- NAME -->` and the next heading or comment, without blank lines around it. */
export function section(markdown: string, name: string): string {
  const start = markdown.indexOf(`<!-- ${name} -->`);
  if (start < 0) throw new Error(`no <!-- ${name} --> in the file`);
  return bodyAfter(markdown, start, name).trim();
}

/** The file with a section replaced. */
export function withSection(markdown: string, name: string, text: string): string {
  const start = markdown.indexOf(`<!-- ${name} -->`);
  const old = bodyAfter(markdown, start, name);
  const head = start + `<!-- ${name} -->`.length;
  return `${markdown.slice(0, head)}\n\n${text}\n\n${markdown.slice(head + old.length).trimStart()}`;
}

/** A table of the section: its lines that begin with `|`, and the blank ones before them. */
function bodyAfter(markdown: string, start: number, name: string): string {
  const rest = markdown.slice(start + `<!-- ${name} -->`.length);
  return /^\s*(?:\|[^\n]*\n)*/.exec(rest)![0];
}
