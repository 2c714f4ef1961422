import type { CSSProperties } from 'react';
import type { Tokens } from 'marked';
import { renderInline } from './inline-tokens.tsx';

export function MarkdownTable({ token }: { readonly token: Tokens.Table }) {
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
