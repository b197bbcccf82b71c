import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

describe("locale and zone of a virtual process", () => {
  it("are en-US and UTC wherever none is named", async () => {
    const { result } = await virtually(() => {
      const options = new Intl.DateTimeFormat().resolvedOptions();
      return [
        [options.locale, options.timeZone],
        new Intl.DateTimeFormat([], { timeStyle: "short", hourCycle: "h23" }).format(0),
        new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 }).format(1234.5),
        new Intl.PluralRules().select(1),
        new Date(0).toLocaleDateString(),
        (1234.5).toLocaleString([]),
        12345n.toLocaleString(),
        "i".toLocaleUpperCase(),
      ];
    });
    expect(result).toEqual([["en-US", "UTC"], "00:00", "1,235", "one", "1/1/1970", "1,234.5", "12,345", "I"]);
  });

  it("are the run's where ICU does not know the one that is named", async () => {
    const { result } = await virtually(() => new Intl.NumberFormat("xx").resolvedOptions().locale);
    expect(result).toBe("en-US");
  });

  it("are those that are named", async () => {
    const { result } = await virtually(() => [
      new Intl.DateTimeFormat("de", { timeZone: "Asia/Tokyo", dateStyle: "short", timeStyle: "short" }).format(0),
      (1234.5).toLocaleString("de"),
      "i".toLocaleUpperCase("tr"),
      "ä".localeCompare("z", "sv"),
      "a".localeCompare("A", undefined, { sensitivity: "base" }),
    ]);
    expect(result).toEqual(["01.01.70, 09:00", "1.234,5", "İ", 1, 0]);
  });

  it("are the run's for formatters made outside of it", async () => {
    const early = new Intl.DateTimeFormat(undefined, { timeStyle: "short", hourCycle: "h23" });
    const { format } = early;
    const outside = early.format(0);
    const { result } = await virtually(() => [early.resolvedOptions().timeZone, early.format(0), format(0)]);
    expect(result).toEqual(["UTC", "00:00", "00:00"]);
    expect(early.format(0)).toBe(outside);
  });

  it("give now, where a format is given no date, by the host's clock", async () => {
    const early = new Intl.DateTimeFormat("en-US", { timeZone: "UTC", dateStyle: "short" });
    const { result } = await virtually(() => [
      early.format(),
      early.formatToParts().length,
      Intl.DateTimeFormat().format(),
    ]);
    expect(result).toEqual(["11/14/23", 5, "11/14/2023"]);
  });

  it("leave formatters instances of their class", async () => {
    class Money extends Intl.NumberFormat {}
    const { result } = await virtually(() => {
      const money = new Money();
      return [
        money instanceof Money,
        money instanceof Intl.NumberFormat,
        money.format === money.format,
        money.format.length,
      ];
    });
    expect(result).toEqual([true, true, true, 1]);
  });
});
