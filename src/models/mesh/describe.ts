/** Steps of the mesh in words: who dials whom, who dies, which socket is dead. */
import type { MeshMove } from "./environment.ts";
import { World, type Parts } from "./world.ts";

/** One step between two states. */
export function describeMove(parts: Parts, move: MeshMove, from: string, to: string): string {
  return `${happening(parts, move, from)}${outcome(parts, move, from, to)}`;
}

/** What it means to the member that it happens to. */
function outcome(parts: Parts, { kind, who }: MeshMove, from: string, to: string): string {
  const before = parts.members.at(from.charCodeAt(who)).status;
  const after = parts.members.at(to.charCodeAt(who)).status;
  if (before !== "forming" || after === before) return "";
  if (after === "formed") return ": it has formed";
  if (after === "waiting") return ", and gives its attempt up";
  return kind === "word" || kind === "dial" ? ": it has formed with a socket that is dead, and dies" : "";
}

function happening(parts: Parts, { kind, who, peer, link }: MeshMove, from: string): string {
  const world = World.of(parts, from);
  const { status, core } = parts.members.at(world.member(who));
  switch (kind) {
    case "start":
      return status === "down" ? `${who} starts` : `${who} makes its next attempt`;
    case "dial":
      return `${who} dials ${peer}`;
    case "refused":
      return `${who} dials ${peer}, which is down`;
    case "closed-at-once":
      return `${who} dials ${peer}, which hangs up`;
    case "word": {
      const message = world.endOf(who, parts.places[link]!)!.inbox[0]!;
      const stale = world.otherEndOf(who, parts.places[link]!)!.isHeld ? "" : " over a socket that is dead";
      return `${who} hears "${message.kind}" from ${peer}${stale}`;
    }
    case "end": {
      const isBond = core.links.includes(link);
      if (status === "formed" && isBond) return `${who} finds its link to ${peer} dead, and dies`;
      return isBond ? `${who} hears that its link to ${peer} is dead` : `${who} hears that a socket to ${peer} is dead`;
    }
    case "expiry":
      return `${who} waits no longer for ${peer} to greet`;
    case "silence":
      return status === "formed" && core.links.includes(link)
        ? `${who} hears nothing of ${peer} any more, and dies`
        : `${who} hears nothing of ${peer} any more`;
    case "crash":
      return `FAULT ${who} crashes`;
    case "power loss":
      return `FAULT ${who} vanishes without a word`;
    case "half-open":
      return `FAULT the network forgets a connection between ${who} and ${peer}`;
    case "reset":
      return `FAULT the network resets a connection between ${who} and ${peer}`;
    case "clock jump":
      return "FAULT the clock of 0 goes back";
    case "phantom":
      return `FAULT ${who} dials ${peer}, and a proxy accepts for nobody`;
  }
}
