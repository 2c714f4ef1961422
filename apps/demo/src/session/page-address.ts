/** What the address of the page says: who looks, and at which conversation. */
export interface PagePlace {
  readonly user: string;
  readonly thread: string | null;
}

/** The address that shows the same in another tab. */
export function addressOf({ user, thread }: PagePlace): string {
  const query = new URLSearchParams({ user });
  if (thread !== null) query.set('thread', thread);
  return `?${query}`;
}

export function threadInAddress(search: string): string | null {
  return new URLSearchParams(search).get('thread');
}
