/**
 * Attempts as they were when a controller asked for them: a process begins none by itself. It takes controllers on a port
 * of its own, and what they ask for goes to the core, which knows what to make of it.
 */
import type { Attempts } from "../../../engine/mesh/attempts.ts";
import type { Epoch } from "../../../engine/mesh/forming.ts";
import type { Connection, Host } from "../../../ports/host.ts";
import { acceptPatiently } from "../../../engine/mesh/binding.ts";
import { compareEpochs } from "../../../engine/mesh/forming.ts";

/** Where processes take the controller of the mesh. */
export const meshControlPort = 2103;

/** What the controller says: make an attempt of this name. */
export interface CreateMesh {
  readonly create: Epoch;
}

/** Attempts by number, only ever larger ones. One that failed is followed by whatever the controller asks for next. */
export const numberedAttempts: Attempts = controlledAttempts(
  (asked, newest) => compareEpochs(asked, newest) > 0,
  () => undefined,
);

/** Attempts by nonce. One that failed, which only a second connection brings about, ends the process. */
export const nonceAttempts: Attempts = controlledAttempts(
  (asked, newest) => compareEpochs(asked, newest) !== 0,
  (host) => host.exit(2, "second-connection"),
);

function controlledAttempts(isNew: (asked: Epoch, newest: Epoch) => boolean, failed: (host: Host) => void): Attempts {
  return (host, begin) => {
    let newest: Epoch | null = null;
    const obey = ({ create }: CreateMesh): void => {
      if (newest !== null && !isNew(create, newest)) return;
      newest = create;
      begin(create);
    };
    void acceptPatiently(host, meshControlPort, (connection) => listen(connection, obey));
    return () => failed(host);
  };
}

/** Until the connection ends, in whatever way: the controller makes another. */
async function listen(connection: Connection, obey: (message: CreateMesh) => void): Promise<void> {
  for (;;) {
    let message: CreateMesh | null | undefined;
    try {
      message = await connection.receive();
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
      return;
    }
    if (message === undefined) return;
    if (message !== null) obey(message);
  }
}
