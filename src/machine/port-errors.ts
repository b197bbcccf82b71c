/** How operations on the simulated machine fail; equal on every runtime, so they may be stored and compared. */

export type NetCode = "ECONNREFUSED" | "ECONNRESET" | "ETIMEDOUT" | "EADDRINUSE" | "ENOTFOUND" | "EPIPE" | "EREMOTE";

const netText: Readonly<Record<NetCode, string>> = {
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset",
  ETIMEDOUT: "timed out",
  EADDRINUSE: "address in use",
  ENOTFOUND: "no such host",
  EPIPE: "connection is closed",
  EREMOTE: "the other side answered with an error",
};

/**
 * Errors of ports are made in the tank, where no frame of the code under test is on the stack; capturing one would cost
 * more than the rest of the operation. Returns the undoing.
 */
function withoutStack(): () => void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  return () => {
    Error.stackTraceLimit = stackTraceLimit;
  };
}

export class NetError extends Error {
  override readonly name = "NetError";
  readonly code: NetCode;
  readonly address: string;
  /** True when the request certainly had no effect at the other side. */
  readonly definite: boolean;
  /** Code of the error that the other side's program answered with, for `EREMOTE`. */
  readonly remoteCode: string | undefined;

  constructor(code: NetCode, address: string, definite: boolean, remoteCode?: string) {
    const restore = withoutStack();
    super(`${netText[code]}: ${address}${remoteCode === undefined ? "" : ` (${remoteCode})`}`);
    restore();
    this.code = code;
    this.address = address;
    this.definite = definite;
    this.remoteCode = remoteCode;
  }
}

export class DiskError extends Error {
  override readonly name = "DiskError";
  /** `ENOSPC`: nothing was written. `EIO`: the operation may have happened. */
  readonly code: "ENOSPC" | "EIO";
  readonly file: string;
  readonly definite: boolean;

  constructor(code: "ENOSPC" | "EIO", file: string) {
    const restore = withoutStack();
    super(`${code === "ENOSPC" ? "no space left on the disk" : "input/output error"}: ${file}`);
    restore();
    this.code = code;
    this.file = file;
    this.definite = code === "ENOSPC";
  }
}
