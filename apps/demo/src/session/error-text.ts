/** What to tell the user of an error: the innermost cause says most. */
export function errorText(error: unknown): string {
  // Browsers name a request that did not get through in words of their own: "Failed to fetch", "Load failed".
  if (error instanceof TypeError) return 'The server can’t be reached.';
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? errorText(error.cause) : error.message;
}
