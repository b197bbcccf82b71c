/** Compression on Node's thread pool; the synchronous forms are functions of their input and stay. */
import { defineAmbient, functionsOf } from "../../definition.ts";

const askSync = "it runs on Node's thread pool; use the synchronous form";

export const compression = defineAmbient({
  family: "compression",
  doc: "Asynchronous and streaming compression is refused; zlib's synchronous functions are allowed.",
  install(patch) {
    const zlib = patch.builtin("zlib");
    const pure = functionsOf(zlib).filter(
      (key) => key.endsWith("Sync") || key === "crc32" || key.endsWith("ZipContentSize"),
    );
    patch.refuse(zlib, functionsOf(zlib, pure), "zlib", askSync);
    patch.refuse(globalThis, ["CompressionStream", "DecompressionStream"], "", askSync);
  },
});
