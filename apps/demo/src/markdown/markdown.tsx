import { memo, useMemo, type CSSProperties, type ReactNode } from 'react';
import { lexer, type MarkedToken, type Token, type Tokens } from 'marked';
import { CopyButton } from '@ws/ui';
import { renderInline } from './inline-tokens.tsx';
import './markdown.css';

/**
 * Renders Markdown. The text becomes tokens and the tokens become elements: no HTML is ever made of what an agent wrote, so
 * there is nothing to sanitise.
 */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text]);
  return <div className="markdown">{renderBlocks(tokens)}</div>;
});

/** Renders the tokens of a document or a part of it. */
function renderBlocks(tokens: readonly Token[]): ReactNode {
  // No extension adds tokens of its own.
  return tokens.map((token, index) => <BlockToken key={index} token={token as MarkedToken} />);
}

function BlockToken({ token }: { readonly token: MarkedToken }): ReactNode {
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'paragraph':
      return <p>{renderInline(token.tokens)}</p>;
    case 'heading':
      return <Heading token={token} />;
    case 'code':
      return <CodeBlock code={token.text} language={token.lang} />;
    case 'blockquote':
      return <blockquote>{renderBlocks(token.tokens)}</blockquote>;
    case 'hr':
      return <hr />;
    case 'table':
      return <MarkdownTable token={token} />;
    case 'list':
      return <List token={token} />;
    case 'text':
      return renderInline(token.tokens ?? [token]);
    case 'html':
      // HTML is shown as what it is: text.
      return <p>{token.raw}</p>;
    default:
      return renderInline([token]);
  }
}

// The page and the card above have the first levels.
function Heading({ token }: { readonly token: Tokens.Heading }): ReactNode {
  const content = renderInline(token.tokens);
  if (token.depth <= 1) return <h4 className="markdown__title">{content}</h4>;
  return token.depth === 2 ? <h5>{content}</h5> : <h6>{content}</h6>;
}

function List({ token }: { readonly token: Tokens.List }): ReactNode {
  const items = token.items.map((item, index) => (
    <li key={index}>
      {item.task && <input type="checkbox" checked={item.checked === true} readOnly disabled />}
      {renderBlocks(item.tokens.filter(({ type }) => type !== 'checkbox'))}
    </li>
  ));
  const start = typeof token.start === 'number' ? { start: token.start } : {};
  return token.ordered ? <ol {...start}>{items}</ol> : <ul>{items}</ul>;
}

function CodeBlock({ code, language }: { readonly code: string; readonly language: string | undefined }) {
  return (
    <figure className="code-block">
      <figcaption>
        <span>{language === undefined || language === '' ? 'text' : language}</span>
        <CopyButton text={code} />
      </figcaption>
      <pre tabIndex={0}>
        <code>{code}</code>
      </pre>
    </figure>
  );
}

function MarkdownTable({ token }: { readonly token: Tokens.Table }) {
  return (
    <div className="markdown__table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              <th key={index} scope="col" style={aligned(cell)}>
                {renderInline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column} style={aligned(cell)}>
                  {renderInline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function aligned({ align }: Tokens.TableCell): CSSProperties {
  return align === null ? {} : { textAlign: align };
}
