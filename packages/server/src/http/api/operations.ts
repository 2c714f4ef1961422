import { agentCallsOperation, sendAgainOperation } from '../agent-call-routes.ts';
import { debugOperation } from '../debug-route.ts';
import { developmentTokenOperation } from '../development-routes.ts';
import { disconnectOperation } from '../disconnect-route.ts';
import { frameOperation } from '../frame-route.ts';
import { aliveOperation, readyOperation } from '../health-routes.ts';
import { historyOperation, ownEventsOperation } from '../history-route.ts';
import { ackOperation, claimOperation, extendOperation } from '../inbox-routes.ts';
import { publishOperation } from '../publish-route.ts';
import { extendRunOperation } from '../run-route.ts';
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
  extendRunOperation,
  claimOperation,
  extendOperation,
  ackOperation,
  historyOperation,
  ownEventsOperation,
  frameOperation,
  ticketOperation,
  disconnectOperation,
  agentCallsOperation,
  sendAgainOperation,
  aliveOperation,
  readyOperation,
  metricsOperation,
  debugOperation,
  developmentTokenOperation,
];
