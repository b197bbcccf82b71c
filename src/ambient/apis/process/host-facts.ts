/**
 * `node:os` and `navigator`: the host's name and nothing else about the machine. `platform`, `arch`, `type` and
 * `endianness` stay readable like their twins on `process`. Browser storage is absent, as on Node 20.
 */
import { current } from "../../../kernel/current.ts";
import { defineAmbient } from "../../definition.ts";
import { acting } from "../../trap.ts";

const askNothing = "facts of the machine are none of the run's; pass what is needed as an argument";
const machineFacts = [
  ..."availableParallelism cpus freemem getPriority homedir loadavg machine networkInterfaces release".split(" "),
  ..."setPriority tmpdir totalmem uptime userInfo version".split(" "),
];
const navigator = Object.freeze({
  hardwareConcurrency: 1,
  language: "en-US",
  languages: Object.freeze(["en-US"]),
  platform: "",
  userAgent: "Node.js",
});

export const hostFacts = defineAmbient({
  family: "host-facts",
  doc: "os.hostname is the simulated host's name; other facts of the machine are refused.",
  install(patch) {
    const os = patch.builtin("os")!;
    patch.method(os, "hostname", (original) => {
      const hostname = (): string => {
        const owner = acting("os.hostname", "use host.name");
        return owner === null ? (original() as string) : owner.hostName;
      };
      return Object.defineProperty(hostname, Symbol.toPrimitive, { value: hostname, configurable: true });
    });
    patch.refuse(os, machineFacts, "os", askNothing);
    patch.getter(globalThis, "navigator", (read) => (self) => (current.process === null ? read(self) : navigator));
    for (const key of ["localStorage", "sessionStorage"]) {
      patch.getter(globalThis, key, (read) => (self) => (current.process === null ? read(self) : undefined));
    }
  },
});
