/** How a promise fails: the code of its error, or "none". */
export async function failureOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return "none";
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (typeof code !== "string") throw error;
    return code;
  }
}
