import { existsSync } from 'node:fs';
import fastifyStatic from '@fastify/static';
import { WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';
import type { Places } from '../limits/places.ts';

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** The places of files that are being sent. */
const FILES = 'files';
/** Requests for a file that wait for others to be sent. */
const MAX_WAITING = 256;

/** Serves the built demo page at `/`; without one, `/` says what this is. */
export async function serveDemoPage(app: FastifyInstance, folder: string | undefined, files: Places): Promise<void> {
  if (folder !== undefined && existsSync(folder)) return serveFiles(app, folder, '/', files);
  const page = folder === undefined ? 'not asked for: set WS_DEMO=on' : 'not built';
  app.get('/', async () => ({ service: 'agent-events.v1', page, websocket: '/ws' }));
}

/** Serves the built inspector at `/inspector/`: a page without secrets; what it shows it asks for with an administrator's key. */
export async function serveInspector(app: FastifyInstance, folder: string, files: Places): Promise<void> {
  if (!existsSync(folder)) return;
  await serveFiles(app, folder, '/inspector/', files);
  app.get('/inspector', async (_request, reply) => reply.redirect('/inspector/', 308));
}

/** Files whose names carry a hash are cached for good. */
async function serveFiles(app: FastifyInstance, root: string, prefix: string, files: Places): Promise<void> {
  await app.register(async (pages) => {
    // A file is open until the client has taken it.
    pages.addHook('onRequest', async (_request, { raw }) => {
      if (files.take(FILES, raw) || (await files.wait(FILES, raw, MAX_WAITING))) return;
      throw new WebSocketError('OVERLOADED', 'the server sends as many files as it may: try again');
    });
    await pages.register(fastifyStatic, {
      root,
      prefix,
      decorateReply: false,
      setHeaders: (reply, path) => {
        reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
        reply.header('x-content-type-options', 'nosniff');
        reply.header('referrer-policy', 'no-referrer');
        const isHashed = /\/assets\//.test(path);
        reply.header('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
      },
    });
  });
}
