import type { FastifyInstance } from 'fastify';
import { openApiDocument } from '../api/openapi.ts';
import { OPERATIONS } from '../api/operations.ts';
import { referencePage } from './reference-page.ts';
import { REFERENCE_STYLE } from './reference-style.ts';

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** `GET /openapi.json`, and `GET /docs`: the same for people. */
export function serveDocs(app: FastifyInstance, version: string): void {
  // Made when first asked for: most services are never asked.
  let document: string | undefined;
  let page: string | undefined;
  app.get('/openapi.json', async (_request, reply) => {
    document ??= JSON.stringify(openApiDocument(OPERATIONS, version), undefined, 2);
    return reply.type('application/json').send(document);
  });
  app.get('/docs', async (_request, reply) => {
    page ??= referencePage(OPERATIONS, version);
    return reply
      .headers({
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      .type('text/html; charset=utf-8')
      .send(page);
  });
  app.get('/docs/reference.css', async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(REFERENCE_STYLE),
  );
}
