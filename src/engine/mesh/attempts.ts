/**
 * Where attempts to form a mesh come from. In the protocol in force a process begins by itself, and once more whenever an
 * attempt came to nothing: it waits for its peers, and no controller has a part in it.
 */
import type { Host } from "../../ports/host.ts";
import type { Epoch } from "./forming.ts";

/**
 * Begins the first attempt of a process that listens for its peers, now or later, by calling `begin`; returns what is to
 * happen when an attempt has failed. `mint` is a fresh epoch; whether it counts is the core's affair.
 */
export type Attempts = (host: Host, begin: (mint: Epoch) => void) => () => void;

/** At once, and again after each failure, with an epoch of this process's clock and entropy. */
export const ownAttempts: Attempts = (host, begin) => {
  const mint = (): void => begin({ millis: Math.floor(host.clock.wall() / 1_000), nonce: host.random(2 ** 30) });
  mint();
  return () => void mintLater(host, mint);
};

/** After a wait of its own length at every member, so that they do not fail in step. */
async function mintLater(host: Host, mint: () => void): Promise<void> {
  await host.sleep("100ms");
  for (let steps = host.random(10); steps > 0; steps--) await host.sleep("50ms");
  mint();
}
