/** Code points that end a line or steer a terminal: C0, DEL, C1, and the line and paragraph separators. */
export function hasControlCharacters(text: string): boolean {
  return Array.from(text).some((char) => {
    const code = char.codePointAt(0)!;
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029;
  });
}
