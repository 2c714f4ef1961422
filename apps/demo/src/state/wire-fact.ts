/** What the page notes of a frame on the socket, to check the client's promise and to know what the client does not tell. */
export type WireFact =
  /** A connection starts after `offset`. */
  | { readonly kind: 'start'; readonly epoch: string; readonly offset: number }
  | { readonly kind: 'event'; readonly offset: number }
  | { readonly kind: 'draining'; readonly reconnectAfterMs: number };
