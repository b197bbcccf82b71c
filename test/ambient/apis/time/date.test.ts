import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

const program = fileURLToPath(new URL("./date-in-zone.ts", import.meta.url));

function describeDates(kind: string, zone: string): unknown {
  const env = { ...process.env, TZ: zone, LC_ALL: "C" };
  const text = execFileSync(process.execPath, ["--import", "tsx", program, kind], { encoding: "utf8", env });
  return JSON.parse(text) as unknown;
}

describe("dates of a virtual process", () => {
  it("say in any zone what the machine's own say in UTC", () => {
    const expected = describeDates("real", "UTC");
    expect(describeDates("virtual", "America/New_York")).toEqual(expected);
    expect(describeDates("virtual", "Australia/Lord_Howe")).toEqual(expected);
    expect(describeDates("real", "America/New_York")).not.toEqual(expected);
  }, 60_000);

  it("read the host's clock when nothing is given", async () => {
    const { result } = await virtually((process) => {
      const before = Date.now();
      process.micros += 1_500_000;
      return [before, Date.now(), new Date().toISOString(), Date()];
    });
    expect(result).toEqual([
      1_700_000_005_000,
      1_700_000_006_500,
      "2023-11-14T22:13:26.500Z",
      "Tue Nov 14 2023 22:13:26 GMT+0000 (Coordinated Universal Time)",
    ]);
  });

  it("may be made of dates, numbers and boxed texts", async () => {
    const { result } = await virtually(() =>
      [new Date(new Date(5)), new Date(7.9), new Date(Object("2020-01-01T00:00") as string), new Date(undefined!)].map(
        Number,
      ),
    );
    expect(result).toEqual([5, 7, 1_577_836_800_000, Number.NaN]);
  });
});
