/** Every planted bug of the engine, by its row in the bug museum. */
import { b1 } from "./b1-connects-at-boot.ts";
import { b15 } from "./b15-epoch-before-generation.ts";
import { b27 } from "./b27-progress-before-as-of.ts";
import { b29 } from "./b29-empty-fetch-ends-the-scan.ts";
import { b3 } from "./b3-retries-end-silently.ts";
import { b30 } from "./b30-scan-up-to-last-stable-offset.ts";
import { b36 } from "./b36-stock-mesh.ts";
import { b37 } from "./mesh/b37-crash-instead-of-wait.ts";
import { b38 } from "./mesh/b38-dialed-is-connected.ts";
import { b39 } from "./mesh/b39-constant-incarnation.ts";
import { b40 } from "./mesh/b40-same-life-again.ts";
import { b41 } from "./mesh/b41-survivor.ts";
import { v0 } from "./mesh/v0-stock.ts";
import { v1 } from "./mesh/v1-answered.ts";
import { v2 } from "./mesh/v2-watched.ts";
import { v4 } from "./mesh/v4-nonces.ts";
import { b4 } from "./b4-retries-never-shown.ts";
import { b43 } from "./b43-empty-frontier-of-replaced.ts";
import { b51 } from "./b51-lost-answer-taken-for-refusal.ts";
import { b53 } from "./b53-resume-behind-the-bindings.ts";
import { b62 } from "./b62-errors-by-their-text.ts";
import { b42 } from "./control/b42-commands-to-one-process.ts";
import { b44 } from "./control/b44-reconciles-with-a-part.ts";
import { b45 } from "./control/b45-halts-on-the-unknown.ts";
import { b46 } from "./control/b46-late-report-is-fatal.ts";
import { b47 } from "./control/b47-drop-is-not-remembered.ts";
import { b48 } from "./control/b48-as-of-before-since.ts";

export const bugs = {
  B1: b1,
  B3: b3,
  B4: b4,
  B15: b15,
  B27: b27,
  B29: b29,
  B30: b30,
  B36: b36,
  B37: b37,
  B38: b38,
  B39: b39,
  B40: b40,
  B41: b41,
  B42: b42,
  B43: b43,
  B44: b44,
  B45: b45,
  B46: b46,
  B47: b47,
  B48: b48,
  B51: b51,
  B53: b53,
  B62: b62,
  // Historic protocols of forming; v3 is what B39 and B40 plant, for its numbers are what was wrong with it.
  MESH_V0: v0,
  MESH_V1: v1,
  MESH_V2: v2,
  MESH_V4: v4,
} as const;
