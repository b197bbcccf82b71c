/** File names, words, paths and constructs that the project does without. */
import { describe, expect, it } from "vitest";
import { projectFiles } from "../support/project-files.ts";
import { wordViolations } from "../support/word-check.ts";

/** Files that spell out what is banned, because they define or test the ban. */
const exempt: readonly string[] = ["test/support/word-check.ts", "test/tidy/words.test.ts"];

const planted: readonly { readonly path: string; readonly text: string; readonly says: string }[] = [
  { path: "src/base/utils.ts", text: "", says: 'not "utils"' },
  { path: "src/common/heap.ts", text: "", says: 'not "common"' },
  { path: "src/runner/plan/index.ts", text: "", says: 'not "index"' },
  { path: "test/support/helpers.test.ts", text: "", says: 'not "helpers"' },
  { path: "test/types/types.test-d.ts", text: "", says: 'not "types"' },
  { path: "src/base/eventQueue.ts", text: "", says: "not kebab-case" },
  { path: "src/base/x.ts", text: "\n// TODO: later", says: 'src/base/x.ts:2 "TODO"' },
  { path: "README.md", text: "See /home/ann/tank.", says: "exists on one machine only" },
  { path: "src/a.ts", text: 'import "/home/x.ts";', says: "exists on one machine only" },
  { path: "src/a.ts", text: "try {\n  go();\n} catch {\n  // fine\n}", says: "src/a.ts:3" },
  { path: "src/a.ts", text: "try { go(); } catch (error) {}", says: '"catch (error) {}"' },
  { path: "src/a.ts", text: "go().catch(() => {});", says: "an empty catch hides errors" },
  { path: "test/a.test.ts", text: 'it.skip("x", () => {});', says: '"it.skip"' },
  { path: "test/a.test.ts", text: 'describe.only("x", () => {});', says: '"describe.only"' },
  { path: "test/a.test.ts", text: 'xit("x", () => {});', says: "every test runs, always" },
];

describe("words", () => {
  it("the project keeps to its words", () => {
    expect(wordViolations(projectFiles("").filter(({ path }) => !exempt.includes(path)))).toEqual([]);
  });

  it("what the exempt files spell out is nothing else", () => {
    const found = wordViolations(projectFiles("").filter(({ path }) => exempt.includes(path)));
    expect(found.filter((line) => line.includes("kebab") || line.includes("catch"))).toEqual([]);
    expect(found.length).toBeGreaterThan(0);
  });

  it.each(planted)("a planted word is reported: $path $text", ({ path, text, says }) => {
    const found = wordViolations([{ path, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it("strings, comments and longer words are no false alarms", () => {
    const text = [
      "// An empty catch {} is banned, it.skip too; MASTODON is a word and ./home/x a relative path.",
      'const text = "catch {} it.only";',
      "try { go(); } catch (error) { report(error); }",
      "queue.only(1); const limit = it.onlyOnce;",
    ].join("\n");
    expect(wordViolations([{ path: "test/base/event-queue.ts", text }])).toEqual([]);
    expect(wordViolations([{ path: "src/vitest.ts", text: "export const only = test.only;" }])).toEqual([]);
  });
});
