/** The simulated S3 keeps the contract. */
import { describe, expect, it } from "vitest";
import { objectStoreClient } from "../../src/sim/s3/object-store-client.ts";
import { objectStoreProgram } from "../../src/sim/s3/object-store-program.ts";
import { objectStoreServer } from "../../src/sim/s3/object-store-server.ts";
import { runBody } from "../support/bodies.ts";
import { objectStoreCases } from "./s3.contract.ts";

describe("simulated S3", () => {
  it.each(objectStoreCases)("$statements: $title", async ({ check }) => {
    let isChecked = false;
    const { failure } = await runBody(async ({ world }) => {
      const server = objectStoreServer({ choose: () => 0 });
      world.host("s3").start(objectStoreProgram(server), { ambient: "ports" });
      await world.sleep("1s");
      const client = world.host("client");
      await check({
        store: objectStoreClient(client, "s3:9000"),
        other: objectStoreClient(world.host("other"), "s3:9000"),
        withoutBucket: objectStoreClient(client, "s3:9000", "elsewhere"),
      });
      isChecked = true;
    });
    expect(failure).toBeNull();
    expect(isChecked).toBe(true);
  });
});
