/**
 * Recognises messages of V8's own errors. They differ between Node versions, so a run must neither store nor hash one:
 * checking mode looks at texts that leave a process. Templates, not versions: a message that an application writes in
 * the very same words is taken for one as well.
 */

const templates: readonly RegExp[] = [
  // TypeError: what something is not
  /^Cannot (?:read|set) propert(?:y|ies) (?:'.*' )?of (?:undefined|null)/,
  /^Cannot (?:destructure|assign to read only|add|delete|define|redefine|convert|mix|create|perform|freeze|prevent)\b.*(?:propert|object|BigInt|undefined|null|value|'|symbol)/i,
  /^.{0,400} is not (?:a function|a constructor|iterable|async iterable|an object|defined|extensible|a valid \w+)\b/,
  /^(?:object|undefined|null|number|string|boolean|symbol|bigint|function) .{0,200} is not (?:iterable|a function)/,
  /^(?:Class constructor|Class extends value|Super constructor) /,
  /^(?:Method|Receiver|Constructor) .{0,200}(?:called on incompatible receiver|requires 'new'|is not)/,
  /^(?:Converting circular structure to JSON|Do not know how to serialize a BigInt)/,
  /^(?:Invalid value used (?:as weak map key|in weak set)|Spread syntax requires|Derived constructors may only)/,
  /^(?:Reduce of empty array|Iterator result |Right-hand side of|Function\.prototype\.|Generator is already running)/,
  /^(?:Object prototype may only be|Cyclic __proto__|Promise resolver|Chaining cycle detected|Proxy |'.*' on proxy)/,
  /^(?:Assignment to constant variable|Private (?:field|method|element)|Must call super constructor)/,
  /^(?:Illegal (?:invocation|constructor|return|break|continue)|Found non-callable)/,
  // RangeError
  /^(?:Invalid (?:array|typed array|string|array buffer|DataView|atomic access) (?:length|index)|Invalid (?:offset|count value|time value|code point|date))/i,
  /^(?:Maximum call stack size exceeded|Array buffer allocation failed|Maximum BigInt size exceeded|Division by zero)/,
  /^(?:to(?:Fixed|Precision|Exponential|String)\(\) |The number .{0,60} cannot be converted to a BigInt|Exponent must be)/,
  /^(?:Offset is outside the bounds|Start offset|byte length of|Incorrect locale information|Value .{0,80} out of range for)/,
  // ReferenceError
  /^Cannot access '.*' before initialization$/,
  /^(?:Invalid left-hand side|Unhandled Promise|Cannot use '.*' (?:outside|as))/,
  // SyntaxError
  /^(?:Unexpected (?:token|end of|number|string|identifier|strict mode|reserved|non-whitespace|template|eval)|Expected .{0,60} (?:in JSON|after|before))/,
  /^(?:Invalid (?:or unexpected token|regular expression|regexp|unicode|hexadecimal|escape|shorthand|destructuring|flags))/i,
  /^(?:Bad (?:control|escaped|Unicode) |No number after|Exponent part is missing|Unterminated |Missing |".*" is not valid JSON)/,
  /^(?:Identifier '.*' has already been declared|await is only valid|Octal |Duplicate parameter|Delete of an unqualified)/,
  /^(?:Cannot convert .{0,120} to a BigInt|Cannot convert a \w+ value to a \w+|Cannot convert (?:undefined|null|object))/,
];

/** Whether a text is, or ends in (`TypeError: …`), a message in V8's own words. */
export function isEngineMessage(text: string): boolean {
  const bare = text.replace(/^(?:Uncaught )?(?:Type|Range|Reference|Syntax|URI|Eval)Error: /, "");
  if (templates.some((template) => template.test(bare))) return true;
  return /^(?:Unexpected token .*|".*"|.{0,80}\.\.\.) is not valid JSON$/s.test(bare);
}
