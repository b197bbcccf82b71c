import * as nodeCrypto from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { FakeProcess, dispatch } from "../../fake-process.ts";
import { virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

describe("randomness of a virtual process", () => {
  it("is in range and of the right shape", async () => {
    const { result } = await virtually(() => ({
      fraction: Math.random(),
      ints: Array.from({ length: 200 }, () => nodeCrypto.randomInt(3, 7)),
      uuid: nodeCrypto.randomUUID(),
      bytes: nodeCrypto.randomBytes(5),
    }));
    expect(result.fraction).toBeGreaterThanOrEqual(0);
    expect(result.fraction).toBeLessThan(1);
    expect([...new Set(result.ints)].toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6]);
    expect(result.uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(result.bytes).toBeInstanceOf(Buffer);
    expect(result.bytes).toHaveLength(5);
  });

  it("answers callbacks in a tick of the process", async () => {
    const seen: unknown[] = [];
    await virtually(() => {
      nodeCrypto.randomBytes(2, (error, bytes) => seen.push(error, bytes.length));
      nodeCrypto.randomInt(5, (error, value) => seen.push(error, value < 5));
      nodeCrypto.randomFill(new Uint8Array(3), 1, (error, view) => seen.push(error, view[0]));
      seen.push("first");
    });
    expect(seen).toEqual(["first", null, 2, null, true, null, 0]);
  });

  it("fills exactly the part that was asked for", async () => {
    const { result } = await virtually(() => nodeCrypto.randomFillSync(new Uint16Array(4), 1, 2));
    expect([result[0], result[3]]).toEqual([0, 0]);
    expect(result[1]! + result[2]!).toBeGreaterThan(0);
  });

  it("rejects wrong arguments as Node does", async () => {
    const { result } = await virtually(() => {
      const wrong = [
        () => nodeCrypto.randomBytes(-1),
        () => nodeCrypto.randomInt(5, 5),
        () => nodeCrypto.randomInt(0.5),
        () => crypto.getRandomValues(new Float32Array(1) as never),
        () => nodeCrypto.randomUUID({ disableEntropyCache: "x" as never }),
      ];
      return wrong.map((call) => {
        try {
          call();
        } catch (error) {
          return (error as Error).name;
        }
        return "accepted";
      });
    });
    expect(result).toEqual(["RangeError", "RangeError", "TypeError", "TypeMismatchError", "TypeError"]);
  });
});

describe("signing", () => {
  const pair = (kind: "rsa" | "ed25519" | "ec"): nodeCrypto.KeyObject => {
    if (kind === "rsa") return nodeCrypto.generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey;
    if (kind === "ec") return nodeCrypto.generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    return nodeCrypto.generateKeyPairSync("ed25519").privateKey;
  };
  const sign = (key: nodeCrypto.SignKeyObjectInput | nodeCrypto.KeyObject): FakeProcess => {
    const process = new FakeProcess("virtual");
    dispatch(process, () => {
      try {
        nodeCrypto.createSign("sha256").update("a").sign(key);
      } catch (error) {
        if (process.leaks.length === 0) throw error;
      }
    });
    return process;
  };

  it("is allowed where it is a function of key and text", () => {
    expect(sign(pair("rsa")).leaks).toEqual([]);
    const key = pair("ed25519");
    expect(dispatch(new FakeProcess("virtual"), () => nodeCrypto.sign(null, Buffer.from("a"), key))).toHaveLength(64);
  });

  it("is refused where it draws a nonce or a salt", () => {
    expect(sign(pair("ec")).leaks.map((leak) => leak.api)).toEqual(["crypto.Sign.sign"]);
    const salted = { key: pair("rsa"), padding: nodeCrypto.constants.RSA_PKCS1_PSS_PADDING };
    expect(sign(salted).leaks.map((leak) => leak.api)).toEqual(["crypto.Sign.sign"]);
  });
});
