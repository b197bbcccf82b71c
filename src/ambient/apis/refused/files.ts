/** The real file system: `node:fs`, its promises and streams. */
import { defineAmbient, functionsOf } from "../../definition.ts";

const askDisk = "use host.disk";

export const files = defineAmbient({
  family: "files",
  doc: "The real file system is refused.",
  install(patch) {
    const fs = patch.builtin("fs");
    patch.refuse(fs, functionsOf(fs, ["Stats", "Dirent", "BigIntStats", "_toUnixTimestamp"]), "fs", askDisk);
    const promises = patch.builtin("fs/promises");
    patch.refuse(promises, functionsOf(promises), "fs.promises", askDisk);
  },
});
