/**
 * Prints, as JSON, what dates say: `real` with the machine's own Date, anything else as a virtual process. Run under two
 * time zones by `date.test.ts`.
 */
import { installAmbient } from "../../../../src/ambient/install.ts";
import { FakeProcess, dispatch } from "../../fake-process.ts";

const texts = [
  "2020-01-01",
  "2020-01-01T10:00",
  "2020-01-01T10:00:00.123",
  "2020-01-01T10:00Z",
  "2020-01-01T10:00:00+02:00",
  "2020-01-01 10:00",
  "2020/03/08 02:30:00",
  "Mar 8, 2020",
  "8 March 2020 02:30",
  "Sun Mar 08 2020 02:30:00",
  "Sun Mar 08 2020 02:30:00 GMT+0200 (some zone)",
  "Sun, 08 Mar 2020 02:30:00 GMT",
  "Mar 8 2020 02:30 EST",
  "Mar 8 2020 02:30 (comment) PM",
  "+012020-01-01T10:00",
  "2020",
  "2020-06",
  "  2020-01-01T10:00  ",
  "Jan 1 2020 10:00 +0530",
  " 2020-01-01",
  "2020-01-01 ",
  "2020-01-01T10:00 ",
  "2020-01-01t10:00",
  "2020-01-01T10",
  "2020-1-1",
  "2020-01-01 10:00:00.5",
  "2020-01-01T24:00",
  "1/2/2020",
  "1/2/20 3:04 am",
  "10:00",
  "Jan 2020",
  "5",
  "50",
  "2020-01-01T10:00-0800",
  "2020-01-01 10:00Z",
  "20200101",
  "Wed Jan 01 2020",
  "12 Dezember 2020",
  "no date",
  "",
];
const fields = [
  "Date",
  "Day",
  "FullYear",
  "Hours",
  "Milliseconds",
  "Minutes",
  "Month",
  "Seconds",
  "Year",
  "TimezoneOffset",
];
const moments = [0, 1_583_634_600_000, 1_604_210_400_123, -62_198_755_200_000, -1, Number.NaN, 8.64e15];

function describeDates(): unknown {
  const seen: unknown[] = texts.map((text) => [text, Date.parse(text), new Date(text).getTime()]);
  for (const moment of moments) {
    const date = new Date(moment) as Date & Record<string, () => number>;
    seen.push([String(date), date.toDateString(), date.toTimeString(), fields.map((field) => date[`get${field}`]!())]);
    const set = new Date(moment) as Date & { setYear(year: number): number };
    seen.push([
      set.setHours(26, 61),
      set.setMonth(13),
      set.setDate(31),
      set.setFullYear(2021, 1, 3),
      set.setMinutes(5, 6, 7),
    ]);
    seen.push([set.setSeconds(8), set.setMilliseconds(9), set.setYear(99), set.setYear(2005)]);
  }
  seen.push(
    [new Date(99, 0), new Date(2020, 2, 8, 2, 30), new Date(2020, 12, 32, 25), new Date(2020, Number.NaN)].map(Number),
  );
  seen.push(String(new Date(2020, 0, 1)), new Date(2020, 0, 1).toLocaleString("en-US"));
  return seen;
}

if (process.argv[2] === "real") {
  console.log(JSON.stringify(describeDates()));
} else {
  installAmbient();
  const described = dispatch(new FakeProcess("virtual"), describeDates);
  console.log(JSON.stringify(described));
}
