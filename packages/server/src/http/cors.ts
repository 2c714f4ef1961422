import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import type { AllowedOrigins } from '../websocket/origin-check.ts';

/** Lets pages of the allowed origins read answers: those that use HTTP where WebSockets are blocked. Cookies come
 * along where a server authenticates by them, from origins that are named. */
export async function allowOrigins(app: FastifyInstance, allowed: AllowedOrigins, withCookies: boolean): Promise<void> {
  if (allowed.length === 0) return;
  await app.register(cors, {
    origin: allowed.includes('*') ? '*' : [...allowed],
    methods: ['GET', 'POST'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Last-Event-ID', 'traceparent', 'tracestate'],
    exposedHeaders: ['Retry-After'],
    credentials: withCookies && !allowed.includes('*'),
    maxAge: 600,
    // Preflights are for machines: they are in no description.
    hideOptionsRoute: true,
  });
}
