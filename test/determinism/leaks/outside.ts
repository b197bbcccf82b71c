/** Files, network, threads and the engine: nobody may reach them, virtual or not. */
import { exec } from "node:child_process";
import { generateKeyPairSync, pbkdf2, scrypt, sign, generateKeyPair as pair } from "node:crypto";
import * as namespace from "node:fs";
import defaultFs, { createReadStream, readFileSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { IncomingMessage, ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { connect, Socket } from "node:net";
import * as os from "node:os";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { getHeapStatistics } from "node:v8";
import { runInNewContext } from "node:vm";
import { MessageChannel as Channel, Worker } from "node:worker_threads";
import { gzip } from "node:zlib";
import type { LeakGroup } from "./leak.ts";

const require = createRequire(import.meta.url);
const { readdirSync } = require("node:fs") as typeof import("node:fs");
const builtin = (name: string): any => process.getBuiltinModule(name) as unknown;
const execPromise = promisify(exec);
const readPromise = promisify(defaultFs.readFile);
const idle = new Socket();
const message = new IncomingMessage(idle);
const early = new WeakRef({ kept: true });
const word = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

class Client extends Socket {} // leak: socket-subclass

export const outside: LeakGroup = {
  file: import.meta.url,
  refusedIn: "both",
  leaks: [
    { id: "read", api: "fs.readFileSync", run: () => readFileSync("a") }, // leak: read
    { id: "read-default", api: "fs.readFileSync", run: () => defaultFs.readFileSync("a") }, // leak: read-default
    { id: "exists-namespace", api: "fs.existsSync", run: () => namespace.existsSync("a") }, // leak: exists-namespace
    { id: "readdir-required", api: "fs.readdirSync", run: () => readdirSync("a") }, // leak: readdir-required
    { id: "read-promises", api: "fs.promises.readFile", run: () => readFile("a") }, // leak: read-promises
    { id: "read-promisified", api: "fs.readFile", run: () => readPromise("a") }, // leak: read-promisified
    { id: "realpath-native", api: "fs.realpathSync.native", run: () => defaultFs.realpathSync.native("a") }, // leak: realpath-native
    { id: "read-stream", api: "fs.createReadStream", run: () => createReadStream("a") }, // leak: read-stream
    {
      id: "write-after-await",
      api: "fs.promises.writeFile",
      async run() {
        await null;
        await writeFile("a", "b"); // leak: write-after-await
      },
    },
    { id: "connect", api: "net.connect", run: () => connect(1) }, // leak: connect
    { id: "socket-subclass", api: "net.Socket", run: () => new Client() },
    { id: "socket-early", api: "net.Socket.connect", run: () => idle.connect(1) }, // leak: socket-early
    { id: "dns", api: "dns.lookup", run: () => builtin("dns").lookup("a", () => undefined) }, // leak: dns
    { id: "dns-promises", api: "dns.promises.lookup", run: () => builtin("dns").promises.lookup("a") }, // leak: dns-promises
    { id: "http", api: "http.get", run: () => builtin("http").get("http://a") }, // leak: http
    { id: "http-response", api: "http.ServerResponse", run: () => new ServerResponse(message) }, // leak: http-response
    { id: "https", api: "https.request", run: () => builtin("https").request("https://a") }, // leak: https
    { id: "http2", api: "http2.connect", run: () => builtin("http2").connect("http://a") }, // leak: http2
    { id: "tls", api: "tls.connect", run: () => builtin("tls").connect(1) }, // leak: tls
    { id: "dgram", api: "dgram.createSocket", run: () => builtin("dgram").createSocket("udp4") }, // leak: dgram
    { id: "fetch", api: "fetch", run: () => fetch("http://a") }, // leak: fetch
    { id: "exec-promisified", api: "child_process.exec", run: () => execPromise("true") }, // leak: exec-promisified
    { id: "worker", api: "worker_threads.Worker", run: () => new Worker("a") }, // leak: worker
    { id: "channel", api: "MessageChannel", run: () => new MessageChannel() }, // leak: channel
    { id: "channel-import", api: "MessageChannel", run: () => new Channel() }, // leak: channel-import
    { id: "broadcast", api: "BroadcastChannel", run: () => new BroadcastChannel("a") }, // leak: broadcast
    { id: "cluster", api: "cluster.fork", run: () => builtin("cluster").fork() }, // leak: cluster
    { id: "inspector", api: "inspector.url", run: () => builtin("inspector").url() }, // leak: inspector
    { id: "atomics-wait", api: "Atomics.wait", run: () => Atomics.wait(word(), 0, 0, 1) }, // leak: atomics-wait
    { id: "subtle", api: "crypto.subtle.digest", run: () => crypto.subtle.digest("SHA-1", new Uint8Array(1)) }, // leak: subtle
    { id: "scrypt", api: "crypto.scrypt", run: () => scrypt("a", "b", 8, () => undefined) }, // leak: scrypt
    { id: "pbkdf2", api: "crypto.pbkdf2", run: () => pbkdf2("a", "b", 1, 8, "sha1", () => undefined) }, // leak: pbkdf2
    { id: "key-pair", api: "crypto.generateKeyPairSync", run: () => generateKeyPairSync("ed25519") }, // leak: key-pair
    { id: "key-pair-promisified", api: "crypto.generateKeyPair", run: () => promisify(pair)("ed25519") }, // leak: key-pair-promisified
    { id: "sign", api: "crypto.sign", run: () => sign(null, new Uint8Array(1), ecKey) }, // leak: sign
    { id: "stdin", api: "process.stdin", run: () => process.stdin.isTTY }, // leak: stdin
    { id: "cwd", api: "process.cwd", run: () => process.cwd() }, // leak: cwd
    { id: "cwd-path", api: "process.cwd", run: () => resolve("a") }, // leak: cwd-path
    { id: "kill", api: "process.kill", run: () => process.kill(1, 0) }, // leak: kill
    { id: "report", api: "process.report", run: () => process.report?.compact }, // leak: report
    { id: "cpus", api: "os.cpus", run: () => os.cpus() }, // leak: cpus
    { id: "tmpdir-text", api: "os.tmpdir", run: () => `${os.tmpdir as unknown as string}` }, // leak: tmpdir-text
    { id: "heap", api: "v8.getHeapStatistics", run: () => getHeapStatistics() }, // leak: heap
    { id: "loop", api: "performance.eventLoopUtilization", run: () => performance.eventLoopUtilization() }, // leak: loop
    { id: "gzip", api: "zlib.gzip", run: () => gzip("a", () => undefined) }, // leak: gzip
    { id: "blob", api: "Blob.text", run: () => new Blob(["a"]).text() }, // leak: blob
    { id: "gzip-web", api: "CompressionStream", run: () => new CompressionStream("gzip") }, // leak: gzip-web
    { id: "realm", api: "vm.runInNewContext", run: () => runInNewContext("Date.now()") }, // leak: realm
    { id: "wasm", api: "WebAssembly.compile", run: () => wasm.compile(new Uint8Array(8)) }, // leak: wasm
    { id: "weak-ref-early", api: "WeakRef.prototype.deref", run: () => early.deref() }, // leak: weak-ref-early
    { id: "async-id", api: "async_hooks.executionAsyncId", run: () => builtin("async_hooks").executionAsyncId() }, // leak: async-id
  ],
};

const ecKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const wasm = (globalThis as unknown as { WebAssembly: { compile(bytes: Uint8Array): Promise<unknown> } }).WebAssembly;
