/** What fits into a notification, and what is left out of it. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readAnnouncement, writeAnnouncement } from "../../../src/engine/persist/consensus/announcement.ts";

const word = fc.stringMatching(/^\S{1,20}$/u);
const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 4_000 });

describe("announcements", () => {
  it("are read as they were written, and never longer than the server takes", () => {
    fc.assert(
      fc.property(word, fc.nat(), text, word, text, (shard, sequence, data, key, body) => {
        const payload = writeAnnouncement({ shard, sequence, data, blob: { key, body } });
        expect(Buffer.byteLength(payload)).toBeLessThan(8_000);
        const read = readAnnouncement(payload);
        expect([read.shard, read.sequence]).toEqual([shard, sequence]);
        if (read.blob !== undefined) expect(read.blob).toEqual({ key, body });
        if (read.data !== undefined) expect(read.data).toBe(data);
        else expect(read.blob).toBeUndefined();
      }),
    );
  });

  it("leave out the batch first, then the state", () => {
    const shown = (data: string, body: string): unknown[] => {
      const read = readAnnouncement(writeAnnouncement({ shard: "s", sequence: 1, data, blob: { key: "k", body } }));
      return [read.data?.length, read.blob?.body.length];
    };
    expect(shown("d".repeat(3_000), "b".repeat(4_000))).toEqual([3_000, 4_000]);
    expect(shown("d".repeat(3_000), "ü".repeat(4_000))).toEqual([3_000, undefined]);
    expect(shown("d".repeat(7_988), "b")).toEqual([7_988, undefined]);
    expect(shown("d".repeat(8_000), "b")).toEqual([undefined, undefined]);
  });

  it("of a change without a batch hold none", () => {
    const read = readAnnouncement(writeAnnouncement({ shard: "s", sequence: 12, data: "{}", blob: undefined }));
    expect(read).toEqual({ shard: "s", sequence: 12, data: "{}", blob: undefined });
  });
});
