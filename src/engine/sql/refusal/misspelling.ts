/**
 * What a syntax error's word may have been meant to be: a name that has to stand in quotes, or a keyword with a typing
 * error. A guess is told only where the statement gets further with it.
 */
import { nearest } from "../../../base/nearest.ts";
import { SqlError, sqlStates } from "../sql-error.ts";
import { positionAt, type Token } from "../syntax/token.ts";
import { keywords, reservedWords } from "./vocabulary.ts";

/** Shorter words are near to everything. */
const lettersMin = 3;

/** Reserved words that stand where something before them is missing more often than they are meant as names. */
const connecting: readonly string[] = ["and", "from", "in", "on", "or", "where"];

/** The error with such a hint, or as it is. `parse` is asked what becomes of the statement as it may have been meant. */
export function guessed(
  error: unknown,
  sql: string,
  tokens: readonly Token[],
  parse: (sql: string) => unknown,
): unknown {
  if (!(error instanceof SqlError) || error.code !== sqlStates.syntax || error.hint !== undefined) return error;
  const { position } = error;
  const word = tokens.find(({ kind, start }) => kind === "word" && positionAt(sql, start) === position);
  if (word === undefined) return error;
  const getsFurther = (text: string): boolean => {
    const failure = failureOf(() => parse(sql.slice(0, word.start) + text + sql.slice(word.end)));
    return failure?.code !== sqlStates.syntax || (failure.position ?? 0) > position! + text.length;
  };
  if (reservedWords.has(word.text) && !connecting.includes(word.text) && getsFurther(`"${word.text}"`))
    return error.with(`"${word.text}" is a reserved word: as a name it stands in double quotes.`);
  const near = word.text.length < lettersMin ? undefined : nearest(word.text, keywords);
  if (near === undefined || near === word.text || !getsFurther(near)) return error;
  return error.with(`Did you mean ${near.toUpperCase()}?`);
}

function failureOf(step: () => unknown): SqlError | undefined {
  try {
    step();
    return undefined;
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
}
