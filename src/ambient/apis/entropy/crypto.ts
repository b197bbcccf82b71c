/**
 * `node:crypto` and web crypto. Random values come from the process's stream; hashes, ciphers and synchronous key
 * derivation are pure and stay. Refused: what makes keys or primes, random signatures and paddings, and everything that
 * Node hands to its thread pool. Arguments are checked by the originals, whose result is then overwritten.
 */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { current } from "../../../kernel/current.ts";
import { bindContext } from "../../async-context.ts";
import { defineAmbient, functionsOf, type AnyFunction, type Members, type Patch } from "../../definition.ts";
import { acting, refuseCall } from "../../trap.ts";
import { bytesOf, fillRandom, randomBelow, randomUuid, timedUuid } from "./random-bytes.ts";

const askPort = "use host.random(n)";
const synchronous =
  "it uses real randomness or Node's thread pool; use a synchronous form that is a function of its input";
const poolOrRandom = [
  ..."argon2 checkPrime createDiffieHellman createECDH encapsulate generateKey generateKeyPair generateKeyPairSync".split(
    " ",
  ),
  ..."generateKeySync generatePrime generatePrimeSync hkdf pbkdf2 publicEncrypt scrypt secureHeapUsed".split(" "),
  ..."setEngine setFips".split(" "),
];

export const crypto = defineAmbient({
  family: "crypto",
  doc: "Random bytes, integers and UUIDs come from the process's own stream; keys and signatures are refused.",
  install(patch) {
    const module = patch.builtin("crypto")!;
    replaceRandom(patch, module);
    patch.refuse(module, poolOrRandom, "crypto", synchronous);
    refuseSigning(patch, module);
    const web = module["webcrypto"] as Members;
    const prototype = Object.getPrototypeOf(web) as Members;
    replace(patch, prototype, "getRandomValues", (owner, [view], original) => {
      Reflect.apply(original, web, [view]);
      fillRandom(owner, bytesOf(view));
      return view;
    });
    replace(patch, prototype, "randomUUID", (owner) => randomUuid(owner));
    const subtle = Object.getPrototypeOf(web["subtle"]) as Members;
    patch.refuse(subtle, functionsOf(subtle, ["supports"]), "crypto.subtle", synchronous);
  },
});

function replaceRandom(patch: Patch, module: Members): void {
  replace(patch, module, "randomFillSync", (owner, args, original) => fill(owner, original, args));
  replace(patch, module, "randomBytes", (owner, [size, callback], original) => {
    if (callback !== undefined && typeof callback !== "function") return original(size, callback);
    const bytes: Uint8Array = original(size);
    fillRandom(owner, bytes);
    return answer(owner, callback, bytes);
  });
  const sync = module["randomFillSync"] as AnyFunction;
  replace(patch, module, "randomFill", (owner, args, original) => {
    const callback: unknown = args.at(-1);
    if (typeof callback !== "function") return original(...args);
    return answer(owner, callback as AnyFunction, sync(...args.slice(0, -1)));
  });
  replace(patch, module, "randomInt", (owner, args, original) => {
    const callback: unknown = args.at(-1);
    const [first, second] = typeof callback === "function" ? args.slice(0, -1) : args;
    const [min, max] = second === undefined ? [0, first] : [first, second];
    const isValid = Number.isSafeInteger(min) && Number.isSafeInteger(max) && max > min && max - min < 2 ** 48;
    if (!isValid) return original(...args);
    return answer(
      owner,
      typeof callback === "function" ? (callback as AnyFunction) : undefined,
      min + randomBelow(owner, max - min),
    );
  });
  replace(patch, module, "randomUUID", (owner, args, original) => {
    if (args[0] !== undefined) original(...args);
    return randomUuid(owner);
  });
  replace(patch, module, "randomUUIDv7", (owner) => timedUuid(owner));
}

function replace(
  patch: Patch,
  target: Members,
  key: string,
  act: (owner: AmbientProcess, args: any[], original: AnyFunction) => unknown,
): void {
  patch.method(
    target,
    key,
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const owner = acting(`crypto.${key}`, askPort);
        return owner === null ? (Reflect.apply(original, this, args) as unknown) : act(owner, args, original);
      },
  );
}

/** `randomFillSync(buffer, offset?, size?)`; offset and size count elements of a typed array. */
function fill(owner: AmbientProcess, original: AnyFunction, args: any[]): unknown {
  const [buffer, offset = 0, size] = args;
  original(...args);
  const scale = (buffer as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const bytes = bytesOf(buffer);
  fillRandom(owner, bytes.subarray(offset * scale, size === undefined ? bytes.length : (offset + size) * scale));
  return buffer;
}

/** Returns the result, or hands it to the callback in a virtual tick. */
function answer(owner: AmbientProcess, callback: AnyFunction | undefined, result: unknown): unknown {
  if (callback === undefined) return result;
  owner.nextTick(bindContext(() => callback(null, result) as void));
  return undefined;
}

/** Signatures: RSA (without PSS) and Edwards curves are functions of key and text, all others draw a nonce. */
function refuseSigning(patch: Patch, module: Members): void {
  const isPure = (key: any): boolean => {
    if (key?.padding === module["constants"].RSA_PKCS1_PSS_PADDING) return false;
    const inner = key?.key ?? key;
    const object = inner?.asymmetricKeyType === undefined ? module["createPrivateKey"](key) : inner;
    return ["rsa", "ed25519", "ed448"].includes(object.asymmetricKeyType);
  };
  patch.method(module, "sign", (original) => (...args: any[]) => {
    if (current.process !== null && (typeof args[3] === "function" || !isPure(args[2])))
      refuseCall("crypto.sign", synchronous);
    return original(...args) as unknown;
  });
  patch.method(module, "verify", (original) => (...args: unknown[]) => {
    if (typeof args[4] === "function") refuseCall("crypto.verify", synchronous);
    return original(...args) as unknown;
  });
  patch.method(
    module["Sign"].prototype as object,
    "sign",
    (original) =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (current.process !== null && !isPure(args[0])) refuseCall("crypto.Sign.sign", synchronous);
        return Reflect.apply(original, this, args) as unknown;
      },
  );
  for (const kind of ["DiffieHellman", "ECDH"]) {
    patch.refuse(module[kind]?.prototype as object | undefined, ["generateKeys"], `crypto.${kind}`, synchronous);
  }
}
