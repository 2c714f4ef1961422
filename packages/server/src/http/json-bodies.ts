import { exceedsJsonDepth, WebSocketError } from '@ws/types';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyRequest {
    /** Waited for when the body is here, before the work of parsing it is begun. A route sets it in its `onRequest`. */
    beforeParsing: ((bodyBytes: number) => Promise<void>) | undefined;
  }
}

/**
 * Reads bodies as JSON, up to a depth. A payload is carried as it came, whatever its keys are called (`__proto__`): nothing here
 * merges it into another object.
 */
export function readJsonBodies(app: FastifyInstance, maxDepth: number, onTooDeep: () => void): void {
  app.removeContentTypeParser('application/json');
  app.decorateRequest('beforeParsing', undefined);
  app.addContentTypeParser<string>(
    'application/json',
    { parseAs: 'string' },
    async (request: FastifyRequest, text: string) => {
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if (encoding !== 'identity') {
        throw new WebSocketError('BAD_REQUEST', 'the body must not be compressed: leave out Content-Encoding');
      }
      if (request.beforeParsing !== undefined) await request.beforeParsing(Buffer.byteLength(text));
      if (exceedsJsonDepth(text, maxDepth)) {
        onTooDeep();
        throw new WebSocketError('BAD_JSON', `the body is nested deeper than ${maxDepth} levels`);
      }
      return parse(text);
    },
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WebSocketError('BAD_JSON', 'the body is not valid JSON');
  }
}
