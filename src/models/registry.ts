/** Every core that can be explored, in the order of its listing. */
import { fencing } from "./fencing/fencing.ts";
import { lifecycle } from "./lifecycle/lifecycle.ts";
import { mesh } from "./mesh/mesh.ts";

export const explorables = { mesh, lifecycle, fencing } as const;
