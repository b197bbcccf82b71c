/** What travels between a client and the simulated S3: one request, one reply. */

export type ObjectOperation = "get" | "put" | "list" | "delete";

export type ObjectRequest =
  | { readonly op: "get"; readonly bucket: string; readonly key: string }
  | {
      readonly op: "put";
      readonly bucket: string;
      readonly key: string;
      readonly body: string;
      readonly ifNoneMatch?: "*";
      readonly ifMatch?: string;
    }
  | {
      readonly op: "list";
      readonly bucket: string;
      readonly prefix: string;
      readonly max?: number;
      readonly after?: string;
      readonly next?: string;
    }
  | { readonly op: "delete"; readonly bucket: string; readonly key: string };

export type ObjectReply =
  | { readonly ok: true; readonly etag: string; readonly body?: string }
  | { readonly ok: true; readonly keys: readonly string[]; readonly next?: string }
  /** The head of the answer arrived, its body broke off; what there is of it. */
  | { readonly ok: true; readonly isCut: true; readonly etag?: string; readonly part: string | readonly string[] }
  | { readonly ok: true }
  | { readonly ok: false; readonly code: string; readonly httpStatus: number };

/** Codes that mean that the request was turned away before anything was done. */
export const definiteCodes: readonly string[] = [
  "InvalidArgument",
  "NoSuchBucket",
  "NoSuchKey",
  "PreconditionFailed",
  "SlowDown",
];

/** HTTP statuses of the codes that the simulated S3 answers with. */
export const statusOf: { readonly [code: string]: number } = {
  InternalError: 500,
  InvalidArgument: 400,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  PreconditionFailed: 412,
  ServiceUnavailable: 503,
  SlowDown: 503,
};
