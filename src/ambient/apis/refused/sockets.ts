/**
 * The real network: sockets, servers, requests and name resolution. Address arithmetic, `Headers`, `Request` and the
 * like are pure and stay; a `ServerResponse` is not, it dates itself. Sockets and servers made outside a run cannot connect or listen inside one.
 */
import { defineAmbient, functionsOf, type Members } from "../../definition.ts";
import { unattended } from "../../trap.ts";

const askNetwork = "use host.connect(), host.call() or host.listen()";
const refusedMembers: Readonly<Record<string, readonly string[]>> = {
  dgram: ["createSocket", "Socket", "_createSocketHandle"],
  http: ["createServer", "Server", "ServerResponse", "request", "get", "ClientRequest"],
  http2: ["connect", "createSecureServer", "createServer", "performServerHandshake"],
  https: ["createServer", "Server", "request", "get"],
  net: [
    "connect",
    "createConnection",
    "createServer",
    "Server",
    "Socket",
    "Stream",
    "_createServerHandle",
    "BoundSocket",
  ],
  tls: ["connect", "createServer", "Server", "TLSSocket"],
};
const refusedMethods: readonly (readonly [string, string, readonly string[]])[] = [
  ["net", "Socket", ["connect"]],
  ["net", "Server", ["listen"]],
  ["dgram", "Socket", ["bind", "connect", "send"]],
  ["dns", "Resolver", ["resolve", "resolve4", "resolve6", "reverse"]],
];

export const sockets = defineAmbient({
  family: "sockets",
  doc: "The real network is refused.",
  install(patch) {
    for (const [name, kind, keys] of refusedMethods) {
      const owner = patch.builtin(name)?.[kind] as { readonly prototype?: object } | undefined;
      patch.refuse(owner?.prototype, keys, `${name}.${kind}`, askNetwork);
    }
    for (const [name, keys] of Object.entries(refusedMembers)) {
      patch.refuse(patch.builtin(name), keys, name, askNetwork);
    }
    for (const name of ["dns", "dns/promises"]) {
      const dns = patch.builtin(name) as Members | undefined;
      patch.refuse(dns, functionsOf(dns, ["getDefaultResultOrder"]), name.replace("/", "."), askNetwork);
    }
    patch.refuse(globalThis, ["fetch", "WebSocket", "EventSource"], "", askNetwork);
    // Node loads its HTTP client when one of these is first touched, which is nobody's doing.
    for (const key of ["FormData", "Headers", "Request", "Response", "MessageEvent", "CloseEvent"]) {
      patch.getter(globalThis, key, (read) => (self) => unattended(() => read(self) as unknown));
    }
  },
});
