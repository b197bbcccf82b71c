/** What holds in every state of the mesh, and what it comes to. */
import type { Property } from "../../explore/model.ts";
import { World, type Parts } from "./world.ts";

/** Every member has formed, and at both ends of every link the process that has it counts it. */
export function isWhole(parts: Parts, state: string): boolean {
  for (let index = 0; index < parts.size; index++) {
    if (parts.members.at(state.charCodeAt(index)).status !== "formed") return false;
  }
  const world = World.of(parts, state);
  for (let index = 0; index < parts.size; index++) if (isDoomed(parts, world, index)) return false;
  return true;
}

/** A formed member that counts a link whose other end is gone, or out of reach: it will find out, and end. */
function isDoomed(parts: Parts, world: World, index: number): boolean {
  return parts.members.at(world.member(index)).core.links.some((link) => {
    if (link === null) return false;
    const place = parts.places[link]!;
    return world.endOf(index, place)?.tail !== "open" || world.otherEndOf(index, place)?.isHeld !== true;
  });
}

/** S-MESH-1, in two parts. */
export function meshProperties(parts: Parts): readonly Property<string>[] {
  return [
    {
      id: "S-MESH-1 epochs",
      doc: "The links of a formed member lead to members that hold the same epoch, or to nobody any more.",
      problem: (state) => eachLink(parts, state, differingEpochs),
    },
    {
      id: "S-MESH-1 members",
      doc: "Two formed members, all of whose links are alive, count the same connection between them.",
      problem: (state) => eachLink(parts, state, crossedLinks),
    },
  ];
}

type Judge = (parts: Parts, world: World, index: number, peer: number, link: number) => string | null;

/** The first problem with a link of a formed member behind which somebody still is. */
function eachLink(parts: Parts, state: string, judge: Judge): string | null {
  let world: World | null = null;
  for (let index = 0; index < parts.size; index++) {
    const { status, core } = parts.members.at(state.charCodeAt(index));
    if (status !== "formed") continue;
    world ??= World.of(parts, state);
    for (const [peer, link] of core.links.entries()) {
      if (link === null) continue;
      const place = parts.places[link]!;
      if (world.otherEndOf(index, place)?.isHeld !== true) continue;
      const problem = judge(parts, world, index, peer, link);
      if (problem !== null) return problem;
    }
  }
  return null;
}

function differingEpochs(parts: Parts, world: World, index: number, peer: number): string | null {
  const mine = parts.members.at(world.member(index)).core.epoch;
  const theirs = parts.members.at(world.member(peer)).core.epoch;
  if (mine?.millis === theirs?.millis && mine?.nonce === theirs?.nonce) return null;
  return `process ${index} has formed a mesh with process ${peer}, which holds another epoch`;
}

function crossedLinks(parts: Parts, world: World, index: number, peer: number, link: number): string | null {
  const { status, core } = parts.members.at(world.member(peer));
  if (status !== "formed" || core.links[index] === link) return null;
  if (isDoomed(parts, world, index) || isDoomed(parts, world, peer)) return null;
  return `processes ${index} and ${peer} have formed, and ${peer} counts another connection than ${index} does`;
}
