// A worker thread that does as its tasks say, for tests of the pool. It knows nothing of Wavetank but the messages.
import { parentPort, threadId, workerData } from "node:worker_threads";

const slot = new Int32Array(workerData.slot);
let tasks = 0;

function beat(step) {
  Atomics.store(slot, 1, step);
  Atomics.add(slot, 0, 1);
}

const acts = {
  thread: () => ({ threadId, before: tasks - 1 }),
  hang: ({ step }) => {
    beat(step);
    for (;;);
  },
  wait: ({ step, millis, beats }) => {
    for (let turn = 0; turn < beats; turn++) {
      beat(step);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, millis);
    }
    return "waited";
  },
  exit: ({ step, code }) => {
    beat(step);
    process.exitCode = code;
    parentPort.close();
    return new Promise(() => {});
  },
  crash: ({ message }) => {
    setImmediate(() => {
      throw new RangeError(message);
    });
    return new Promise(() => {});
  },
  // In small pieces: where one allocation leaps far over the limit, V8 ends the process before Node ends the thread.
  fill: () => {
    for (let kept = null; ;) kept = { kept };
  },
  print: ({ text }) => process.stdout.write(text),
  note: ({ notes }) => {
    for (const note of notes) parentPort.postMessage({ kind: "note", note });
    return "noted";
  },
};

parentPort.on("message", async (task) => {
  tasks++;
  if (task.reply !== undefined) return parentPort.postMessage(task.reply);
  const value = await acts[task.act](task);
  parentPort.postMessage({ kind: "done", value, isSpent: task.isSpent ?? false });
});
