import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from '../../src/markdown/markdown.tsx';

const html = (text: string) => renderToStaticMarkup(<Markdown text={text} />);

describe('Markdown', () => {
  it('renders what agents write', () => {
    const text =
      '# Title\n\nSome **bold** and `code`.\n\n- one\n- two\n\n```ts\nlet x = 1 < 2;\n```\n\n| a |\n|---|\n| b |\n';
    const result = html(text);
    expect(result).toContain('<h4 class="markdown__title">Title</h4>');
    expect(result).toContain('<strong>bold</strong> and <code class="markdown__code">code</code>');
    expect(result).toContain('<ul><li>one</li><li>two</li></ul>');
    expect(result).toContain('let x = 1 &lt; 2;');
    expect(result).toContain('<td>b</td>');
  });

  it('shows HTML as text', () => {
    const result = html('<img src=x onerror=alert(1)>\n\ninline <script>alert(1)</script>');
    expect(result).not.toMatch(/<(img|script)/);
    expect(result).toContain('&lt;img src=x onerror=alert(1)&gt;');
  });

  it('makes links only of harmless addresses, and loads nothing', () => {
    const result = html(
      '[bad](javascript:alert(1)) [file](src/a.ts) [good](https://example.com) ![i](https://x.y/i.png)',
    );
    expect(result.match(/href="[^"]*"/g)).toEqual(['href="https://example.com/"']);
    expect(result).not.toContain('<img');
  });

  it('keeps what is still being written readable', () => {
    for (const text of ['**bol', '```ts\nlet x', '| a |\n|--', '[link](htt', '- '])
      expect(html(text)).toContain('markdown');
  });

  it('decodes entities in text and not in code', () => {
    expect(html('a &lt; b &amp; c &#8594; `&lt;`')).toContain(
      'a &lt; b &amp; c → <code class="markdown__code">&amp;lt;',
    );
  });
});
