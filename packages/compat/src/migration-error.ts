import type { Deprecation } from './deprecations.ts';

/** What a legacy use throws that can't work any more, or that `WS_COMPAT_WARNINGS=error` forbids; `code` is that of the table. */
export class MigrationError extends Error {
  override readonly name: string = 'MigrationError';
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.code = code;
  }
}

/** A deprecated use as an error. */
export class DeprecationError extends MigrationError {
  override readonly name = 'DeprecationError';
}

/** What is said of a use: the name, what to use instead, and when it goes. */
export function deprecationMessage({ replacement, removal, note }: Deprecation, spelled: string): string {
  const use = `${spelled} is a legacy name: use ${replacement.replaceAll('`', '')}. It goes in version ${removal}.`;
  return note === undefined ? use : `${use} ${note}`;
}
