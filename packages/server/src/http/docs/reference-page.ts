import { STATUS_CODES } from 'node:http';
import { CLOSE_CODES, ERROR_CODES } from '@ws/types';
import type { Answer, Operation, Schema } from '../api/operation.ts';
import { describedPath } from '../api/openapi.ts';
import { toJsonSchema } from '../api/to-json-schema.ts';
import { html, prose, type Html } from './html.ts';

const ACCESS: Readonly<Record<string, string>> = {
  publish: 'API key, scope publish',
  read: 'API key, scope read',
  admin: 'API key, scope admin',
  user: 'token or ticket of the user',
};

/** The reference of the HTTP API as a page: no script, no source but the server. */
export function referencePage(operations: readonly Operation[], version: string): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>HTTP API · Agent event streams</title>
        <link rel="stylesheet" href="/docs/reference.css" />
      </head>
      <body>
        <nav aria-label="Calls">
          <p class="name">Agent event streams</p>
          <ol>
            ${operations.map(
              (operation) => html`<li><a href="#${operation.id}">${method(operation)}${operation.summary}</a></li>`,
            )}
            <li><a href="#codes">Error codes</a></li>
            <li><a href="#closes">Close codes</a></li>
          </ol>
        </nav>
        <main>
          <header>
            <h1>HTTP API</h1>
            <p>
              Version ${version}. The same as <a href="/openapi.json">OpenAPI 3.1</a>, for generators of clients. Bodies
              are JSON. A failed request is answered with problem details (RFC 9457) whose <code>code</code> is stable.
            </p>
          </header>
          ${operations.map(section)} ${errorCodes()} ${closeCodes()}
        </main>
      </body>
    </html> `.text;
}

function method({ method: name }: Operation): Html {
  return html`<span class="method ${name.toLowerCase()}">${name}</span>`;
}

function section(operation: Operation): Html {
  const { id, summary, description, access, query, headers = {}, body, bodyDescribed = body, bodyExample } = operation;
  return html`<section id="${id}">
    <h2>${summary}</h2>
    <p class="call">${method(operation)}<code>${describedPath(operation)}</code></p>
    ${description === undefined ? undefined : html`<p>${prose(description)}</p>`}
    <p class="access">Needs: ${access.length === 0 ? 'nothing' : access.map((one) => ACCESS[one]).join(', or ')}</p>
    ${fields('Query', query)}
    ${
      Object.keys(headers).length === 0
        ? undefined
        : html`<h3>Headers</h3>
            <dl>
              ${Object.entries(headers).map(
                ([name, meaning]) =>
                  html`<dt><code>${name}</code></dt>
                    <dd>${prose(meaning)}</dd>`,
              )}
            </dl>`
    }
    ${
      bodyExample === undefined
        ? undefined
        : html`<h3>Body</h3>
            <pre>${JSON.stringify(bodyExample, undefined, 2)}</pre>`
    }
    ${bodyDescribed === undefined ? undefined : schemaDetails('Schema of the body', bodyDescribed)}
    ${Object.entries<Answer>(operation.answers).map(answer)}
    ${
      operation.errors.length === 0
        ? undefined
        : html`<p class="errors">
            Codes: ${operation.errors.map((code) => html`<a href="#${code}"><code>${code}</code></a> `)}
          </p>`
    }
  </section> `;
}

function fields(title: string, schema: Schema | undefined): Html | undefined {
  if (schema === undefined) return undefined;
  const { properties = {} } = toJsonSchema(schema);
  return html`<h3>${title}</h3>
    <dl>
      ${Object.entries(properties).map(([name, property]) => {
        const meaning = typeof property === 'object' ? (property.description ?? '') : '';
        return html`<dt><code>${name}</code></dt>
          <dd>${prose(meaning)}</dd>`;
      })}
    </dl>`;
}

function answer([status, { description, content = {} }]: readonly [string, Answer]): Html {
  return html`<h3>${status} ${STATUS_CODES[status]}</h3>
    <p>${prose(description)}</p>
    ${Object.entries(content).map(([type, schema]) => schemaDetails(`Schema of ${type}`, schema))}`;
}

function schemaDetails(title: string, schema: Schema): Html {
  return html`<details>
    <summary>${title}</summary>
    <pre>${JSON.stringify(toJsonSchema(schema), undefined, 2)}</pre>
  </details>`;
}

function errorCodes(): Html {
  return html`<section id="codes">
    <h2>Error codes</h2>
    <table>
      <thead>
        <tr>
          <th>Code</th>
          <th>Status</th>
          <th>Retry</th>
          <th>Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${Object.entries(ERROR_CODES).map(
          ([code, { status, retry, meaning }]) =>
            html`<tr id="${code}">
              <td><code>${code}</code></td>
              <td data-label="Status">${status}</td>
              <td data-label="Retry">${retry ? 'helps' : 'does not help'}</td>
              <td>${meaning}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}

function closeCodes(): Html {
  return html`<section id="closes">
    <h2>Close codes</h2>
    <table>
      <thead>
        <tr>
          <th>Code</th>
          <th>Reconnect</th>
          <th>Meaning</th>
        </tr>
      </thead>
      <tbody>
        ${Object.values(CLOSE_CODES).map(
          ({ code, reconnect, meaning }) =>
            html`<tr>
              <td><code>${code}</code></td>
              <td data-label="Reconnect">${reconnect ? 'yes' : 'no'}</td>
              <td>${meaning}</td>
            </tr>`,
        )}
      </tbody>
    </table>
  </section>`;
}
