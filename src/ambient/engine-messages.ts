/**
 * Recognises messages of V8's own errors. They differ between Node versions, so a run must neither store nor hash one:
 * checking mode looks at texts that leave a process. These are templates of messages, not of one version; an
 * application that writes in the very same words is taken for the engine. Messages of Node's own errors carry a code
 * and are not looked for.
 */

const typeErrors: readonly RegExp[] = [
  /^Cannot (?:read|set) propert(?:y|ies) (?:'.*' )?of (?:undefined|null)\b/,
  /^Cannot (?:destructure|assign to read only property|add property|delete property|define property|redefine property) /,
  /^Cannot (?:set property .+ which has only a getter|use 'in' operator to search for )/,
  /^Cannot (?:convert (?:undefined or null|object|a \w+ value|.{1,120} to a BigInt)|mix BigInt and other types)/,
  /^Cannot (?:read|write|access) (?:private (?:member|method|field)|from private field|invalid private)/,
  /^(?:this is not a \w+ object\.|Spread syntax requires |Found non-callable @@|Right-hand side of ')/,
  /^(?:Class constructor \S+ cannot be invoked|Class extends value |Super constructor |Constructor \S+ requires 'new')/,
  /^(?:Method \S+ called on incompatible receiver|Receiver must be (?:an instance of )?class |\S+ called (?:on non-object|on null))/,
  /^(?:\S+ called with a non-global RegExp argument|The comparison function must be either a function or undefined)/,
  /^(?:Converting circular structure to JSON|Do not know how to serialize a BigInt|Reduce of empty array with no initial)/,
  /^(?:Invalid value used (?:as weak map key|in weak set)|Iterator (?:result|value) .+ is not an |Illegal invocation$)/,
  /^(?:Object prototype may only be an Object or null|Cyclic __proto__ value|Promise resolver |Chaining cycle detected)/,
  /^(?:Cannot create proxy with |'\w+' on proxy: |Derived constructors may only return|Generator is already running)/,
  /^(?:Assignment to constant variable\.|Private (?:field|method|element) '.*' must be|CreateListFromArrayLike called on )/,
  /^(?:Currency code is required with currency style\.|#<\w+> is not |Method \S+ requires )/,
];

const rangeErrors: readonly RegExp[] = [
  /^Invalid (?:array|typed array|string|array buffer|DataView) length\b/i,
  /^Invalid (?:count value: |time value$|code point |atomic access index|language tag: |time zone specified: |value: not \(conv)/,
  /^(?:Maximum call stack size exceeded|Array buffer allocation failed|Maximum BigInt size exceeded|Division by zero)$/,
  /^(?:to(?:Fixed|Precision|Exponential|String)\(\) \w+ |The number .{1,60} cannot be converted to a BigInt|Exponent must be )/,
  /^(?:Offset is outside the bounds|Start offset .{1,40} is outside|byte length of \w+ should be|Incorrect locale information)/,
  /^(?:Value .{1,80} out of range for Intl\.|The normalization form should be one of|undefined must be positive$)/,
];

const otherErrors: readonly RegExp[] = [
  /^[\p{L}_$][\p{L}\p{N}_$]* is not defined$/u,
  /^Cannot access '.*' before initialization$/,
  /^(?:Must call super constructor|Invalid left-hand side |URI malformed$|'super' keyword unexpected here)/,
  /^Unexpected (?:token|end of (?:input|JSON input)|number|string|identifier|strict mode|reserved word|template|eval)\b/,
  /^(?:Unexpected non-whitespace character after JSON|Expected .{1,60} (?:in|after) JSON|Expected .{1,60} in JSON at)/,
  /^Expected (?:property name|double-quoted property name|',' or '[\]}]'|':' after property name)/,
  /^(?:Invalid or unexpected token$|Invalid regular expression|Invalid (?:Unicode|hexadecimal) escape|Invalid shorthand|Invalid flags supplied)/,
  /^(?:Bad (?:control|escaped|Unicode) (?:character|escape) in|No number after minus sign|Exponent part is missing a number)/,
  /^(?:Unterminated (?:string|template|regular|fractional)|Missing (?:initializer|catch|\) after)|missing \) after)/,
  /^(?:Identifier '.*' has already been declared|await is only valid in |Octal (?:literals|escape)|Duplicate parameter name)/,
  /^(?:Delete of an unqualified identifier|Illegal (?:return|break|continue) statement|Undefined label )/,
  /^"[\s\S]* is not valid JSON$/,
];

const templates = [...typeErrors, ...rangeErrors, ...otherErrors];
const verdict =
  / is not (?:a function|a constructor|iterable|async iterable|a symbol|an object|an integer typed array)\b/;
const kindOfValue = /^(?:object|number|string|boolean|symbol|bigint|function) /;
const quoted = /"[^"]*"|'[^']*'|\([^()]*\)|\[[^[\]]*\]/g;

/** Whether a text is a message in V8's own words, with or without the error's name in front. */
export function isEngineMessage(text: string): boolean {
  const bare = text.slice(0, 1_000).replace(/^(?:Uncaught )?(?:Type|Range|Reference|Syntax|URI|Eval)Error: /, "");
  return isVerdict(bare) || templates.some((template) => template.test(bare));
}

/** `a.b(...).c is not a function`: what is in front is an expression, which has no spaces outside quotes and brackets. */
function isVerdict(text: string): boolean {
  const match = verdict.exec(text);
  if (match === null) return false;
  const expression = text.slice(0, match.index).replace(kindOfValue, "").replace(quoted, "_");
  return !/\s/.test(expression);
}
