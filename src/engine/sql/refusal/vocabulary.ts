/**
 * Words of SQL that the grammars do not read but have something to say of. Lists of what users of PostgreSQL and of
 * streaming databases may try; a word that is missing here is refused all the same, only less well.
 */

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/));

/** What statements that this engine does not have begin with, and the hint where there is one. */
export const foreignVerbs: ReadonlyMap<string, string | undefined> = new Map([
  ...[
    ...list("analyse analyze call checkpoint close cluster comment copy deallocate declare desc describe discard do"),
    ...list(
      "execute explain fetch grant import inspect kill listen load lock merge move notify prepare raise reassign",
    ),
    ...list("refresh reindex revoke security subscribe tail truncate unlisten use vacuum validate"),
  ].map((word) => [word, undefined] as const),
  ["alter", "Drop the object and create it again."],
  ["delete", "Rows are inserted, and stay."],
  ["restart", "Sources and sinks that can go on do so by themselves; others are dropped and created again."],
  ["update", "Rows are inserted, and stay."],
  ["with", "Make a view of each part."],
]);

/** What statements of transactions begin with. */
export const transactionVerbs = list("abort begin commit end release rollback savepoint start");

/** Kinds of objects that this engine does not have: what may follow CREATE, DROP and SHOW CREATE. */
export const foreignNouns: ReadonlyMap<string, string | undefined> = new Map([
  ...[
    ...list("access aggregate cast cluster collation continual conversion database domain event extension foreign"),
    ...list("function group language network operator owned policy procedure publication role routine rule schema"),
    ...list("secret sequence server statistics subscription subsource tablespace text transform trigger type user"),
    ...list("webhook"),
  ].map((word) => [word, undefined] as const),
  ...["default", "index", "unique"].map(
    (word) => [word, "A materialized view keeps its result; there is nothing to index."] as const,
  ),
]);

/** Second words of such kinds: CREATE CLUSTER REPLICA. */
export const nounEndings = list(
  "by class data family index mapping method policy profiles replica search source table task trigger wrapper",
);

/** Plurals that SHOW takes elsewhere. */
export const foreignPlurals = list(
  "columns databases functions indexes policies privileges roles schemas secrets subsources types",
);

/** Functions that PostgreSQL or a streaming database has. */
export const foreignFunctions = list(
  [
    "abs age any_value array_agg array_length ascii avg bit_and bit_or bool_and bool_or btrim ceil ceiling char_length",
    "chr concat concat_ws corr cos current_database current_schema date_bin date_part date_trunc dense_rank every exp",
    "extract first_value floor format gen_random_uuid generate_series initcap json_agg json_build_object jsonb_agg",
    "jsonb_build_object jsonb_object_agg lag last_value lead left length list_agg ln log lower lpad ltrim make_timestamp",
    "max md5 min mod mz_environment_id mz_logical_timestamp mz_now mz_version now nth_value ntile octet_length overlay",
    "pg_backend_pid pg_typeof pi position power random rank regexp_match regexp_replace repeat replace reverse right",
    "round row_number rpad rtrim sha256 sign sin split_part sqrt stddev string_agg string_to_array strpos substr substring",
    "tan timezone to_char to_date to_json to_jsonb to_number to_timestamp translate trunc unnest upper variance version",
  ].join(" "),
);

/** Types that PostgreSQL or a streaming database has; what PostgreSQL's parser calls them is in `spokenTypes`. */
export const foreignTypes = list(
  [
    "bit box bytea char character cidr circle date decimal float float4 float8 inet int2 interval json",
    "jsonb line list lseg macaddr map money mz_timestamp name numeric oid path point polygon real regclass serial",
    "smallint time timestamp timestamptz timetz uint2 uint4 uint8 uuid xml bigserial smallserial",
  ].join(" "),
);

/** Users' names of types that the parser has names of its own for. */
export const spokenTypes: ReadonlyMap<string, string> = new Map([
  ["bpchar", "char"],
  ["float4", "real"],
  ["float8", "double precision"],
  ["int2", "smallint"],
  ["varbit", "bit"],
]);

/** Words of both grammars: what a misspelt one may have been meant to be. */
export const keywords: readonly string[] = [
  ...list(
    "and broker brokers cascade cluster clusters connection connections count create debezium distinct drop envelope exists",
  ),
  ...list("format from group having insert into join json kafka key limit materialized none not null objects order"),
  ...list("partition select show sink sinks source sources table tables topic upsert using values view views where"),
];

/** Words that are no names unless they stand in quotes. */
export const reservedWords = list(
  [
    "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create",
    "current_catalog current_date current_role current_time current_timestamp current_user deferrable desc",
    "distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral",
    "leading limit localtime localtimestamp not null offset on only or order placing primary references returning select",
    "session_user some symmetric system_user table then to trailing true union unique user using variadic when where",
    "window with",
  ].join(" "),
);
