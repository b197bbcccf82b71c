/**
 * What an S3 does, as cases over the port: the same for the simulator and for any real one. Numbers are the statements
 * that a case holds. A case leaves its keys behind; each uses a prefix of its own. Of what is not there the port has
 * nothing: 9, 10 (ranges, conditional reads), 14 (conditional deletes), 18-20 (multipart, versions), 21, 22
 * (credentials), 24 (checksums), 27 (times). In part: 3 and 5 without delimiters and counts, 7 without HEAD, 15 without
 * the deletion of buckets, 16 for single puts. 23 and 25 need answers that break off: the simulator's own tests have them.
 */
import type { ObjectStoreCase } from "./s3/case.ts";
import { conditions } from "./s3/conditions.ts";
import { lists } from "./s3/lists.ts";
import { objects } from "./s3/objects.ts";

/** Every case. */
export const objectStoreCases: readonly ObjectStoreCase[] = [...objects, ...lists, ...conditions];
