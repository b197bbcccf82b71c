/** Real concurrency: threads, child processes, channels between them, blocking on shared memory, blobs, terminals. */
import { defineAmbient, functionsOf } from "../../definition.ts";

const askProcess = "start another simulated process";
const askNetwork = "processes share no memory; use host.connect() or host.call()";
const workerMembers = [
  ..."Worker MessageChannel BroadcastChannel getEnvironmentData moveMessagePortToContext".split(" "),
  ..."postMessageToThread receiveMessageOnPort setEnvironmentData".split(" "),
];

export const threads = defineAmbient({
  family: "threads",
  doc: "Threads, child processes and message channels are refused.",
  install(patch) {
    patch.refuse(globalThis, ["MessageChannel", "BroadcastChannel", "Worker"], "", askNetwork);
    patch.refuse(patch.builtin("worker_threads"), workerMembers, "worker_threads", askProcess);
    const children = patch.builtin("child_process");
    patch.refuse(children, functionsOf(children), "child_process", askProcess);
    const clusterMembers = ["fork", "disconnect", "setupPrimary", "setupMaster", "Worker"];
    patch.refuse(patch.builtin("cluster"), clusterMembers, "cluster", askProcess);
    patch.refuse(Atomics, ["wait", "waitAsync"], "Atomics", "blocking a thread stops the run; await a promise");
    patch.refuse(
      Blob.prototype,
      ["arrayBuffer", "bytes", "stream", "text"],
      "Blob",
      "it is read by Node's own loop; use a Buffer",
    );
    patch.refuse(patch.builtin("tty"), ["ReadStream", "WriteStream", "isatty"], "tty", "a run has no terminal");
  },
});
