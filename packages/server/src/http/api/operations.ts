import { debugOperation } from '../debug-route.ts';
import { developmentTokenOperation } from '../development-routes.ts';
import { disconnectOperation } from '../disconnect-route.ts';
import { frameOperation } from '../frame-route.ts';
import { aliveOperation, readyOperation } from '../health-routes.ts';
import { historyOperation, ownEventsOperation } from '../history-route.ts';
import { publishOperation } from '../publish-route.ts';
import { ticketOperation } from '../ticket-route.ts';
import { metricsSchema } from './answer-schemas.ts';
import type { Operation } from './operation.ts';

const metricsOperation: Operation = {
  id: 'metrics',
  method: 'GET',
  path: '/metrics',
  tag: 'Operators',
  summary: 'Metrics for Prometheus',
  access: [],
  answers: { 200: { description: 'All metrics.', content: { 'text/plain': metricsSchema } } },
  errors: [],
};

/** Every call of the HTTP API, in the order in which a reader wants to meet them. */
export const OPERATIONS: readonly Operation[] = [
  publishOperation,
  historyOperation,
  ownEventsOperation,
  frameOperation,
  ticketOperation,
  disconnectOperation,
  aliveOperation,
  readyOperation,
  metricsOperation,
  debugOperation,
  developmentTokenOperation,
];
