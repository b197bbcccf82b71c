/** Explores a world to the end. */
import type { Exploration } from "../../src/explore/exploration.ts";
import type { ExplorableWorld } from "../../src/models/explorable.ts";

export function explored(world: ExplorableWorld): Exploration {
  const exploring = world.explore();
  for (;;) {
    const { done, value } = exploring.next();
    if (done === true) return value;
  }
}
