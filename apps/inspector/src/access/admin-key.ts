const NAME = 'inspector:key';

/** The administrator's key: of this tab alone, and gone with it. */
export function readAdminKey(): string | null {
  try {
    return sessionStorage.getItem(NAME);
  } catch {
    // The browser keeps nothing: the key is asked for after a reload.
    return null;
  }
}

export function keepAdminKey(key: string | null): void {
  try {
    if (key === null) sessionStorage.removeItem(NAME);
    else sessionStorage.setItem(NAME, key);
  } catch {
    // As above.
  }
}
