const ALLOWED: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** The address of a link if it leads somewhere harmless, else `null`: an answer is written by an agent from any input. */
export function safeHref(href: string): string | null {
  try {
    const url = new URL(href);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    // Relative addresses mean files of a workspace that this page does not serve.
    return null;
  }
}
