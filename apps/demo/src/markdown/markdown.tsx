import { memo, useMemo } from 'react';
import { lexer } from 'marked';
import { renderBlocks } from './block-tokens.tsx';
import './markdown.css';

/**
 * Renders Markdown. The text becomes tokens and the tokens become elements: no HTML is ever made of what an agent wrote, so
 * there is nothing to sanitise.
 */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  const tokens = useMemo(() => lexer(text, { gfm: true }), [text]);
  return <div className="markdown">{renderBlocks(tokens)}</div>;
});
