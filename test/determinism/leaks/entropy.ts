/** Real randomness that a virtual process draws from its own stream. */
import nodeCrypto, { randomBytes, randomInt, webcrypto } from "node:crypto";
import { promisify } from "node:util";
import type { LeakGroup } from "./leak.ts";

const roll = Math.random;
const bytes = promisify(randomBytes);

export const entropy: LeakGroup = {
  file: import.meta.url,
  refusedIn: "ports",
  leaks: [
    { id: "random", api: "Math.random", run: () => Math.random() }, // leak: random
    { id: "random-captured", api: "Math.random", run: () => roll() }, // leak: random-captured
    { id: "random-reflected", api: "Math.random", run: () => Reflect.apply(Math["random"], null, []) }, // leak: random-reflected
    { id: "uuid", api: "crypto.randomUUID", run: () => nodeCrypto.randomUUID() }, // leak: uuid
    { id: "uuid-web", api: "crypto.randomUUID", run: () => crypto.randomUUID() }, // leak: uuid-web
    { id: "bytes-import", api: "crypto.randomBytes", run: () => randomBytes(4) }, // leak: bytes-import
    { id: "bytes-promisified", api: "crypto.randomBytes", run: () => bytes(4) }, // leak: bytes-promisified
    { id: "int-callback", api: "crypto.randomInt", run: () => randomInt(9, () => undefined) }, // leak: int-callback
    { id: "values", api: "crypto.getRandomValues", run: () => crypto.getRandomValues(new Uint8Array(4)) }, // leak: values
    { id: "values-webcrypto", api: "crypto.getRandomValues", run: () => webcrypto.getRandomValues(new Uint8Array(4)) }, // leak: values-webcrypto
    { id: "fill", api: "crypto.randomFillSync", run: () => nodeCrypto.randomFillSync(new Uint8Array(4)) }, // leak: fill
  ],
};
