/** `host:port`, as programs write it. */

/** Host and port of an address; throws `TypeError` naming it when it is none. */
export function parseAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(":");
  const port = Number(address.slice(colon + 1));
  if (colon <= 0 || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new TypeError(`"${address}" is no address: write host:port, the port from 1 to 65535`);
  }
  return { host: address.slice(0, colon), port };
}
