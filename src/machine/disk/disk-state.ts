/**
 * What a host's disk holds: named files, each with what the page cache shows and what is durable. Values are replaced
 * whole and durably. Texts grow by appends; a sync makes the present length durable; a power loss keeps the synced
 * prefix and any prefix of the rest, cut anywhere. Not modelled: directories, bit rot, reordering between the appends
 * of one file.
 */
import type { Json } from "../../base/json.ts";

interface TextFile {
  text: string;
  syncedLength: number;
}

export class DiskState {
  readonly #values = new Map<string, Json>();
  readonly #texts = new Map<string, TextFile>();

  value(file: string): Json | undefined {
    return this.#values.get(file);
  }

  setValue(file: string, value: Json): void {
    this.#values.set(file, value);
  }

  text(file: string): string {
    return this.#texts.get(file)?.text ?? "";
  }

  append(file: string, text: string): void {
    const known = this.#texts.get(file);
    if (known === undefined) this.#texts.set(file, { text, syncedLength: 0 });
    else known.text += text;
  }

  sync(file: string): void {
    const known = this.#texts.get(file);
    if (known !== undefined) known.syncedLength = known.text.length;
  }

  truncate(file: string, length: number): void {
    const known = this.#texts.get(file);
    if (known === undefined) return;
    known.text = known.text.slice(0, length);
    known.syncedLength = known.text.length;
  }

  remove(file: string): void {
    this.#values.delete(file);
    this.#texts.delete(file);
  }

  /** Names of all files, sorted by code units. */
  list(): string[] {
    return [...new Set([...this.#values.keys(), ...this.#texts.keys()])].toSorted();
  }

  /**
   * Loses what was not synced. `keep(file, unsynced)` says how many characters of a file's unsynced end survive.
   * Returns what happened, a file an entry.
   */
  losePower(keep: (file: string, unsynced: number) => number): { readonly file: string; readonly isTorn: boolean }[] {
    const damage: { file: string; isTorn: boolean }[] = [];
    for (const [file, content] of this.#texts) {
      const unsynced = content.text.length - content.syncedLength;
      if (unsynced === 0) continue;
      const kept = keep(file, unsynced);
      content.text = content.text.slice(0, content.syncedLength + kept);
      content.syncedLength = content.text.length;
      if (kept < unsynced) damage.push({ file, isTorn: kept > 0 });
    }
    return damage;
  }
}
