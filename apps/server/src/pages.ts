import { existsSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { Places } from '@ws/server/process';
import type { Fallback } from '@ws/server';
import { WebSocketError } from '@ws/types';
import serveStatic, { type RequestHandler } from 'serve-static';

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

/** The places of files that are being sent: a file is open until the client has taken it. */
const FILES = 'files';
/** Requests for a file that wait for others to be sent. */
const MAX_WAITING = 256;

const INSPECTOR = '/inspector';

export interface Pages {
  /** Folder of a built page, served at `/`; without one, `/` says what this is. */
  readonly page: string | undefined;
  /**
   * Folder of the built inspector, served at `/inspector/`: a page without secrets; what it shows it asks for with an administrator's
   * key.
   */
  readonly inspector: string | undefined;
  /** Files that are sent at a time, as far as there are descriptors. */
  readonly files: number;
  /** Answers what is no file of a page. */
  readonly otherwise?: Fallback | undefined;
}

/** Serves the pages of the service. */
export function servePages({ page, inspector, files, otherwise }: Pages): Fallback {
  const places = new Places(files);
  const inspectorFiles = inspector !== undefined && existsSync(inspector) ? filesOf(inspector) : undefined;
  const pageFiles = page !== undefined && existsSync(page) ? filesOf(page) : undefined;
  const missing = page === undefined ? 'none: set WS_PAGE_FOLDER to serve one' : 'not built';
  return (request, response, last) => {
    const next: typeof last = (error) =>
      error === undefined && otherwise !== undefined ? otherwise(request, response, last) : last(error);
    const { url = '/', method } = request;
    if (method !== 'GET' && method !== 'HEAD') return next();
    const [path = '/'] = url.split('?');
    if (inspectorFiles !== undefined && path === INSPECTOR) {
      response.writeHead(308, { location: `${INSPECTOR}/` }).end();
    } else if (inspectorFiles !== undefined && path.startsWith(`${INSPECTOR}/`)) {
      request.url = url.slice(INSPECTOR.length);
      send(inspectorFiles);
    } else if (pageFiles !== undefined) {
      send(pageFiles);
    } else if (path === '/') {
      response.setHeader('content-type', 'application/json; charset=utf-8');
      response.end(JSON.stringify({ service: 'agent-events.v1', page: missing, websocket: '/ws' }));
    } else {
      next();
    }

    function send(files: RequestHandler<ServerResponse>): void {
      if (places.take(FILES, response)) {
        files(request, response, next);
        return;
      }
      void places.wait(FILES, response, MAX_WAITING).then((hasPlace) => {
        if (hasPlace) files(request, response, next);
        else next(new WebSocketError('OVERLOADED', 'the server sends as many files as it may: try again'));
      });
    }
  };
}

/** Files whose names carry a hash are cached for good. */
function filesOf(folder: string): RequestHandler<ServerResponse> {
  return serveStatic(folder, {
    redirect: false,
    setHeaders(response, path) {
      response.setHeader('content-security-policy', CONTENT_SECURITY_POLICY);
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
      const isHashed = /\/assets\//.test(path);
      response.setHeader('cache-control', isHashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });
}
