/** How statements fail in the simulated server: always with one of PostgreSQL's own codes. */

/** A statement's failure; its session lives on unless the code is of class 57P. */
export class SqlFailure extends Error {
  override readonly name = "SqlFailure";
  /** SQLSTATE. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** A construct that the real server knows and the simulated one does not; it is named, so that nobody has to guess. */
export function unsupported(construct: string): SqlFailure {
  return new SqlFailure("0A000", `${construct} is not simulated`);
}
