/** Ends an exhaustive switch: a value that the types say cannot exist is a bug of the caller. */
export function never(value: never): never {
  throw new TypeError(`unexpected value ${JSON.stringify(value)}`);
}
