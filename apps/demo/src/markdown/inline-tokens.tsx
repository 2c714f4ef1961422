import type { ReactNode } from 'react';
import type { MarkedToken, Token } from 'marked';
import { decodeEntities } from './decode-entities.ts';
import { safeHref } from './safe-href.ts';

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
