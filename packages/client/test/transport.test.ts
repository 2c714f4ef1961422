import { describe, expect, it } from 'vitest';
import { TransportChoice, type Transport } from '../src/transport.ts';

/** What is picked, one connection after the other: `ok` works, `no` never opens, `missing` is not served. */
function picked(choice: TransportChoice, ends: readonly ('ok' | 'no' | 'missing')[]): Transport[] {
  return ends.map((end) => {
    const transport = choice.next();
    if (end === 'ok') choice.opened();
    else if (end === 'no') choice.failed();
    else choice.missing();
    return transport;
  });
}

const both = (): TransportChoice => new TransportChoice(['websocket', 'sse']);

describe('which transport is picked', () => {
  it('WebSockets, as long as they open', () => {
    expect(picked(both(), ['ok', 'ok', 'no', 'ok', 'no', 'ok'])).not.toContain('sse');
  });

  it('the other after two that did not open, and then by turns', () => {
    expect(picked(both(), ['no', 'no', 'no', 'no', 'no'])).toEqual([
      'websocket',
      'websocket',
      'sse',
      'websocket',
      'sse',
    ]);
  });

  it('when the other is lost, WebSockets have one try', () => {
    expect(picked(both(), ['no', 'no', 'ok', 'no', 'ok', 'ok', 'ok'])).toEqual([
      ...['websocket', 'websocket', 'sse', 'websocket', 'sse', 'websocket', 'websocket'],
    ]);
  });

  it('where a WebSocket was open before, a server that restarts is given more time', () => {
    const choice = both();
    picked(choice, ['ok']);
    expect(picked(choice, ['no', 'no', 'no', 'no', 'no', 'no'])).toEqual([
      ...Array.from({ length: 5 }, () => 'websocket'),
      'sse',
    ]);
  });

  it('one that the server does not serve is not tried again', () => {
    expect(picked(both(), ['no', 'no', 'missing', 'no', 'no', 'no', 'no'])).toEqual([
      ...['websocket', 'websocket', 'sse', 'websocket', 'websocket', 'websocket', 'websocket'],
    ]);
  });

  it.each([[['websocket']], [['sse']]] as const)('%s alone', (allowed) => {
    expect(new Set(picked(new TransportChoice(allowed), ['no', 'no', 'no', 'ok', 'no', 'missing', 'no']))).toEqual(
      new Set(allowed),
    );
  });

  it('in the order that was asked for', () => {
    expect(picked(new TransportChoice(['sse', 'websocket']), ['no', 'no', 'ok'])).toEqual(['sse', 'sse', 'websocket']);
  });
});
