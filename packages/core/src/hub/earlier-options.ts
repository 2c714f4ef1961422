import { WebSocketError } from '@ws/types';
import type { HubOptions } from './hub-options.ts';

type Group = 'limits' | 'outage' | 'tuning';

/** What options are called now that had a name of their own before there were groups. */
const MOVED: Readonly<Record<string, readonly [group: Group, name: string]>> = {
  maxConnections: ['limits', 'connections'],
  maxUnauthenticated: ['limits', 'unauthenticated'],
  maxConnectionsPerUser: ['limits', 'connectionsPerUser'],
  maxOpenRunsPerUser: ['limits', 'openRunsPerUser'],
  maxMessageBytes: ['limits', 'messageBytes'],
  maxJsonDepth: ['limits', 'jsonDepth'],
  maxEventBytes: ['limits', 'eventBytes'],
  maxApprovalArgsBytes: ['limits', 'approvalArgsBytes'],
  inboundRates: ['limits', 'inboundRates'],
  userInboundRates: ['limits', 'userInboundRates'],
  loadLimits: ['limits', 'load'],
  emitDeadlineMs: ['outage', 'emitDeadlineMs'],
  spillEvents: ['outage', 'bufferEvents'],
  spillChars: ['outage', 'bufferChars'],
  heartbeatMs: ['tuning', 'heartbeatMs'],
  helloTimeoutMs: ['tuning', 'helloTimeoutMs'],
  outboundBudgetBytes: ['tuning', 'outboundBudgetBytes'],
  maxLagMs: ['tuning', 'maxLagMs'],
  coalesceMs: ['tuning', 'coalesceMs'],
  tailEvents: ['tuning', 'tailEvents'],
  tailChars: ['tuning', 'tailChars'],
  pageEvents: ['tuning', 'pageEvents'],
  streamIdleMs: ['tuning', 'streamIdleMs'],
  runLeaseMs: ['tuning', 'runLeaseMs'],
  publisherLeaseMs: ['tuning', 'publisherLeaseMs'],
  cancelGraceMs: ['tuning', 'cancelGraceMs'],
  clockToleranceMs: ['tuning', 'clockToleranceMs'],
  heapShare: ['tuning', 'heapShare'],
};

/**
 * The options with those in their groups that were given as before there were groups. Programs of that time go on, with one warning for all
 * such names.
 *
 * @throws `INVALID_OPTION` if an option is given under both names
 */
export function inGroups(given: HubOptions): HubOptions {
  const earlier = Object.entries(given).filter(([name]) => Object.hasOwn(MOVED, name));
  if (earlier.length === 0) return given;
  const options: Record<string, unknown> = { ...given };
  const notes: string[] = [];
  for (const [name, value] of earlier as readonly [string, unknown][]) {
    const moved = MOVED[name];
    if (moved === undefined) continue;
    const [group, member] = moved;
    const members = options[group] as Readonly<Record<string, unknown>> | undefined;
    if (members?.[member] !== undefined) {
      throw new WebSocketError(
        'INVALID_OPTION',
        `hub options ${name} and ${group}.${member} are the same: set the latter`,
      );
    }
    Reflect.deleteProperty(options, name);
    options[group] = { ...members, [member]: value };
    notes.push(`${name} is ${group}.${member}`);
  }
  process.emitWarning(`createHub takes options in groups: ${notes.join(', ')}`, {
    type: 'DeprecationWarning',
    code: 'WS_HUB_OPTIONS',
  });
  return options;
}
