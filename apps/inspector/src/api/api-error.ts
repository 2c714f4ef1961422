/** The server did not give what was asked for. */
export class ApiError extends Error {
  /** The HTTP status; 0 if there was no answer. */
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }

  /** The key is wrong, has expired, or lacks the scope. */
  get isRefusal(): boolean {
    return this.status === 401 || this.status === 403;
  }
}

/** What to say of anything that went wrong: a sentence, never the words of a browser. */
export function problemText(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  console.error(error);
  return 'The page itself failed. The console of the browser has more.';
}
