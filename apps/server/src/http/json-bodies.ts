import { exceedsJsonDepth, WebSocketError } from '@ws/types';
import type { FastifyInstance } from 'fastify';

/**
 * Reads bodies as JSON, up to a depth. A payload is carried as it came, whatever its keys are called (`__proto__`): nothing here
 * merges it into another object.
 */
export function readJsonBodies(app: FastifyInstance, maxDepth: number, onTooDeep: () => void): void {
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, text, done) => {
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity') {
      return done(new WebSocketError('BAD_REQUEST', 'the body must not be compressed: leave out Content-Encoding'));
    }
    if (exceedsJsonDepth(text, maxDepth)) {
      onTooDeep();
      return done(new WebSocketError('BAD_JSON', `the body is nested deeper than ${maxDepth} levels`));
    }
    done(null, parse(text));
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new WebSocketError('BAD_JSON', 'the body is not valid JSON');
  }
}
