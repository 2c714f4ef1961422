import { WebSocketError } from '@ws/types';
import { describe, expect, test } from 'vitest';
import { logFault } from '../src/log-fault.ts';

describe('faults', () => {
  test.each([
    ["OOM command not allowed when used memory > 'maxmemory'. script: 1f, on @user_script:3.", 'LOG_FULL'],
    [
      "ERR Error running script (call to f_1): @user_script:1: OOM command not allowed when used memory > 'maxmemory'.",
      'LOG_FULL',
    ],
    ['MISCONF Errors writing to the AOF file: No space left on device', 'LOG_FULL'],
    ['WRONGTYPE Operation against a key holding the wrong kind of value', 'LOG_CORRUPT'],
    ['LOGFORMAT the stream was written in format 2, known here: 1', 'LOG_CORRUPT'],
    ['LOADING Redis is loading the dataset in memory', 'LOG_UNAVAILABLE'],
    ["READONLY You can't write against a read only replica.", 'LOG_UNAVAILABLE'],
    ['CLUSTERDOWN The cluster is down', 'LOG_UNAVAILABLE'],
    ['TRYAGAIN Multiple keys request during rehashing of slot', 'LOG_UNAVAILABLE'],
    ['Socket closed unexpectedly', 'LOG_UNAVAILABLE'],
  ])('%s', (message, code) => {
    const cause = new Error(message);
    const fault = logFault(cause, 'redis://host');
    expect(fault).toMatchObject({ code, cause });
    expect(fault.message).toContain(`the event log redis://host is ${code.slice(4).toLowerCase()} (${message}): `);
  });

  test('one that has a code keeps it', () => {
    const known = new WebSocketError('LOG_CLOSED', 'closed');
    expect(logFault(known, 'x')).toBe(known);
  });
});
