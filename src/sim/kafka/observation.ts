/** Observations of the brokers, held to their contract. */
import type { Host } from "../../ports/host.ts";
import type { ServiceEventKind, ServiceEvents } from "../../ports/service-events.ts";

/** Emits an observation of a service. */
export function tell<K extends ServiceEventKind>(host: Host, kind: K, data: ServiceEvents[K]): void {
  host.emit(kind, data as never);
}
