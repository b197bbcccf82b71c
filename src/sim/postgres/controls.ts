/** What faults may turn at the simulated PostgreSQL server. They only leave word: the server's own process acts on it. */
import type { Heal } from "../../ports/controls.ts";
import type { PostgresControls } from "../../ports/service-controls.ts";
import type { PostgresServer } from "./server.ts";

/** The controls of a server; its process obeys within a second, and before it handles whatever reaches it next. */
export function postgresControls({ faults }: PostgresServer): PostgresControls {
  return {
    outage() {
      faults.outages++;
      return once(() => faults.outages--);
    },
    loseAnswers: (oneIn, when = "after") => listed(faults.losses, { oneIn, when }),
    restart(startup) {
      faults.startup = startup;
      faults.crashes++;
    },
    limitConnections: (limit) => listed(faults.limits, limit),
  };
}

function listed<T>(list: T[], value: T): Heal {
  list.push(value);
  return once(() => list.splice(list.indexOf(value), 1));
}

/** A second healing is none. */
function once(undo: () => unknown): Heal {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    undo();
  };
}
