/** A new id for a message: it has to be known before the message is sent, so that the page can show it at once. */
export function createMessageId(): string {
  // `crypto.randomUUID` is not there on plain-HTTP pages, this is.
  return [...crypto.getRandomValues(new Uint32Array(3))].map((part) => part.toString(16).padStart(8, '0')).join('');
}
