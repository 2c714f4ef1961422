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

/** What the demo page shows of its agent. */
export interface AgentInfo {
  readonly name: string;
  readonly kind: 'rule-based' | 'model';
  readonly workspace: string;
  readonly examples: readonly string[];
}

export interface Pages {
  /** Folder of the built demo page, served at `/`; without one, `/` says what this is. */
  readonly demo: string | undefined;
  /**
   * Folder of the built inspector, served at `/inspector/`: a page without secrets; what it shows it asks for with an administrator's
   * key.
   */
  readonly inspector: string | undefined;
  /** What `GET /dev/agent` says. Absent: no demo agent runs here. */
  readonly agent: AgentInfo | undefined;
  /** Files that are sent at a time, as far as there are descriptors. */
  readonly files: number;
}

/** Serves the pages of the service. */
export function servePages({ demo, inspector, agent, files }: Pages): Fallback {
  const places = new Places(files);
  const inspectorFiles = inspector !== undefined && existsSync(inspector) ? filesOf(inspector) : undefined;
  const demoFiles = demo !== undefined && existsSync(demo) ? filesOf(demo) : undefined;
  const page = demo === undefined ? 'not asked for: set WS_DEMO=on' : 'not built';
  return (request, response, next) => {
    const { url = '/', method } = request;
    if (method !== 'GET' && method !== 'HEAD') return next();
    const [path = '/'] = url.split('?');
    if (path === '/dev/agent') {
      if (agent === undefined) next();
      else sendJson(response, agent);
    } else if (inspectorFiles !== undefined && path === INSPECTOR) {
      response.writeHead(308, { location: `${INSPECTOR}/` }).end();
    } else if (inspectorFiles !== undefined && path.startsWith(`${INSPECTOR}/`)) {
      request.url = url.slice(INSPECTOR.length);
      send(inspectorFiles);
    } else if (demoFiles !== undefined) {
      send(demoFiles);
    } else if (path === '/') {
      sendJson(response, { service: 'agent-events.v1', page, websocket: '/ws' });
    } else {
      next();
    }

    function send(page: RequestHandler<ServerResponse>): void {
      if (places.take(FILES, response)) {
        page(request, response, next);
        return;
      }
      void places.wait(FILES, response, MAX_WAITING).then((hasPlace) => {
        if (hasPlace) page(request, response, next);
        else next(new WebSocketError('OVERLOADED', 'the server sends as many files as it may: try again'));
      });
    }
  };
}

function sendJson(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.end(JSON.stringify(body));
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
