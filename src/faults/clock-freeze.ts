import { defineFault } from "./define-fault.ts";
import { anyHost } from "./target.ts";

export const clockFreeze = defineFault<{ host: string | number }>({
  id: "clock.freeze",
  doc: "A host's wall clock stands still.",
  witness: "clock.skewed",
  params: { host: anyHost },
  inject: (world, { host }) => {
    const target = world.resolve(host);
    return target === undefined ? undefined : world.host(target).clock.freeze();
  },
});
