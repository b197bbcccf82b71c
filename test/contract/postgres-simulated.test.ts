/** The PostgreSQL contract on the simulated server. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../src/base/pg-parser.ts";
import { postgresCases } from "./postgres.contract.ts";
import { withSimulatedPostgres } from "./postgres/simulated.ts";

beforeAll(loadPgParser);

describe("the simulated PostgreSQL server", () => {
  it.each(postgresCases)("$title", async ({ run, expected }) => {
    expect(await withSimulatedPostgres(run)).toEqual(expected);
  });
});
