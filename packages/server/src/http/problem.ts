import { STATUS_CODES } from 'node:http';
import { ERROR_CODES, type ErrorCode } from '@ws/types';

/** The body of a failed request: problem details (RFC 9457), and the `error` of frames and refused upgrades beside them. */
export interface Problem {
  /** Where the code is explained. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  /** Whether the same request may succeed later. */
  readonly retry: boolean;
  readonly error: { readonly code: ErrorCode; readonly message: string };
}

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

const RETRY_AFTER_SECONDS = 2;

/** @param status - where it is not that of the code */
export function problem(code: ErrorCode, message: string, status: number = ERROR_CODES[code].status): Problem {
  return {
    type: `/docs#${code}`,
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: message,
    code,
    retry: ERROR_CODES[code].retry,
    error: { code, message },
  };
}

/** The value of `Retry-After`, in seconds, where trying again helps. */
export function retryAfter({ status, retry }: Problem, seconds: unknown = RETRY_AFTER_SECONDS): string | undefined {
  return retry && status >= 429 ? String(seconds) : undefined;
}
