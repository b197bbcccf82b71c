import { defineEngineBug } from "../define-engine-bug.ts";
import { stockForming } from "../../engine/mesh/forming-stock.ts";

export const v0 = defineEngineBug({
  id: "MESH-V0",
  title: "the protocol of stock timely, among 2 to 16 processes: a dead peer counts as present",
  source: "timely communication/src/networking.rs; materialize #12800",
  breaks: "L-MESH-1",
  policies: ({ mesh }) => ({ mesh: { ...mesh, formingCore: stockForming } }),
});
