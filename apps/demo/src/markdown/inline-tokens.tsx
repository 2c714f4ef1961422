import type { ReactNode } from 'react';
import type { MarkedToken, Token } from 'marked';

/** Renders the tokens inside a paragraph, a heading or a cell. */
export function renderInline(tokens: readonly Token[] | undefined): ReactNode {
  // No extension adds tokens of its own.
  return tokens?.map((token, index) => <InlineToken key={index} token={token as MarkedToken} />);
}

function InlineToken({ token }: { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case 'text':
      return token.tokens === undefined ? decodeEntities(token.text) : renderInline(token.tokens);
    case 'escape':
      return token.text;
    case 'strong':
      return <strong>{renderInline(token.tokens)}</strong>;
    case 'em':
      return <em>{renderInline(token.tokens)}</em>;
    case 'del':
      return <del>{renderInline(token.tokens)}</del>;
    case 'codespan':
      return <code className="markdown__code">{token.text}</code>;
    case 'br':
      return <br />;
    case 'link': {
      const href = safeHref(token.href);
      if (href === null) return <span title={token.href}>{renderInline(token.tokens)}</span>;
      return (
        <a href={href} target="_blank" rel="noopener noreferrer">
          {renderInline(token.tokens)}
        </a>
      );
    }
    case 'image':
      // Nothing is loaded from elsewhere because an answer says so.
      return <span title={token.href}>{token.text}</span>;
    default:
      return token.raw;
  }
}

const NAMED: { readonly [name: string]: string } = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
  hellip: '…',
  ndash: '–',
  mdash: '—',
  rarr: '→',
};

/** Replaces the entities that Markdown is written with: tokens hold text as it would stand in HTML. */
function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return NAMED[name] ?? whole;
      const code = decimal === undefined ? parseInt(hex ?? '', 16) : parseInt(decimal, 10);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

const ALLOWED: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:']);

/** The address of a link if it leads somewhere harmless, else `null`: an answer is written by an agent from any input. */
function safeHref(href: string): string | null {
  try {
    const url = new URL(href);
    return ALLOWED.has(url.protocol) ? url.href : null;
  } catch {
    // Relative addresses mean files of a workspace that this page does not serve.
    return null;
  }
}
