import { describe, expect, it } from 'vitest';
import { SUBPROTOCOL } from '@ws/types';
import type { TokenRequest } from '../src/client-options.ts';
import { connected, setup } from './support/setup.ts';
import { settle } from './support/settle.ts';

const SECRET = 'header.SECRET.signature';

function tokens() {
  const asked: TokenRequest['reason'][] = [];
  return { asked, token: ({ reason }: TokenRequest) => `t.${asked.push(reason)}` };
}

describe('token', () => {
  it('travels as a subprotocol entry, fresh for each connect', async () => {
    const { asked, token } = tokens();
    const { server, clock } = await connected({ token });
    expect(server.connection.socket.protocols).toEqual([SUBPROTOCOL, 'jwt.t.1']);
    server.connection.close(1006);
    await clock.advance(500);
    expect(server.connection.socket.protocols).toEqual([SUBPROTOCOL, 'jwt.t.2']);
    expect(asked).toEqual(['connect', 'connect']);
  });

  it('travels in hello where a subprotocol cannot carry it', async () => {
    const { server } = await connected({ token: 'with spaces, and commas' });
    expect(server.connection.socket.protocols).toEqual([SUBPROTOCOL]);
    expect(server.connection.frames('hello')[0]?.token).toBe('with spaces, and commas');
  });

  it('travels in hello where it is too long for a header', async () => {
    const fits = 'a'.repeat(4_096);
    expect((await connected({ token: fits })).server.connection.socket.protocols).toEqual([SUBPROTOCOL, `jwt.${fits}`]);
    const { server } = await connected({ token: `${fits}a` });
    expect(server.connection.socket.protocols).toEqual([SUBPROTOCOL]);
    expect(server.connection.frames('hello')[0]?.token).toBe(`${fits}a`);
  });

  it('is asked for as expired after 4001', async () => {
    const { asked, token } = tokens();
    const { server, clock } = await connected({ token });
    server.connection.close(4001);
    await clock.advance(500);
    server.connection.close(1006);
    await clock.advance(1_000);
    expect(asked).toEqual(['connect', 'expired', 'connect']);
  });

  it('that is a plain string and expired closes the client', async () => {
    const { client, server } = await connected({ token: SECRET });
    server.connection.close(4001);
    expect(client.state).toEqual({ status: 'closed', reason: 'CREDENTIAL_EXPIRED', code: 4001 });
  });

  it('is renewed on the live connection', async () => {
    const { asked, token } = tokens();
    const { client, server } = await connected({ token });
    server.connection.send({ type: 'auth_expiring', expires_at: 5 });
    await settle();
    expect(server.connection.frames('auth')).toEqual([{ type: 'auth', token: 't.2' }]);
    server.connection.send({ type: 'auth_ok', expires_at: 9 });
    expect(asked).toEqual(['connect', 'expiring']);
    expect(client.state.status).toBe('live');
  });

  it('is asked for again when its renewal fails, until the connection ends', async () => {
    let calls = 0;
    const token = async () => {
      calls += 1;
      if (calls === 1) return SECRET;
      throw new Error('identity provider is down');
    };
    const { client, server, clock, errors } = await connected({ token });
    server.connection.send({ type: 'auth_expiring', expires_at: 5 });
    await clock.advance(10_000);
    const failed = calls - 1;
    expect(failed).toBeGreaterThan(2);
    expect(errors).toHaveLength(failed);
    client.close();
    await clock.advance(60_000);
    expect(calls - 1).toBe(failed);
  });

  it('of a renewal that a reconnect overtook is not sent', async () => {
    let calls = 0;
    let give = (_token: string): void => {};
    const token = () => {
      calls += 1;
      return calls === 2 ? new Promise<string>((resolve) => (give = resolve)) : 'a.b.c';
    };
    const { server, clock } = await connected({ token });
    server.connection.send({ type: 'auth_expiring', expires_at: 5 });
    server.connection.close(1006);
    await clock.advance(500);
    give('late');
    await settle();
    expect(server.connection.frames('auth')).toEqual([]);
  });

  it('refused by the server is reported', async () => {
    const { client, server, errors } = await connected({ token: () => SECRET });
    server.connection.send({ type: 'auth_expiring', expires_at: 5 });
    await settle();
    server.connection.send({ type: 'error', code: 'CREDENTIAL_INVALID', message: 'another user', fatal: false });
    expect(errors.map(({ code }) => code)).toEqual(['CREDENTIAL_INVALID']);
    expect(client.state.status).toBe('live');
  });

  it.each([
    ['throws', () => Promise.reject(new Error('down'))],
    ['gives nothing', () => ''],
    ['gives something else', () => 7 as never],
  ])('whose source %s is reported and asked for again', async (_, token) => {
    const { client, server, errors } = await connected({ token });
    expect(client.state).toMatchObject({ status: 'waiting', error: { code: 'CALLBACK_FAILED' } });
    expect(errors.map(({ details }) => details)).toEqual([{ callback: 'token' }]);
    expect(server.connections).toHaveLength(0);
  });

  it('never shows in an error, a state or the object itself', async () => {
    const WebSocket = class {
      constructor(url: string, protocols: string[]) {
        throw new SyntaxError(`invalid: ${url} ${protocols.join()}`);
      }
    } as never;
    const { client, states, errors } = setup({ token: SECRET, WebSocket, url: `ws://server/ws?ticket=${SECRET}` });
    client.connect();
    await settle();
    expect(client.state.status).toBe('waiting');
    const shown = [...errors, errors.map(({ cause, message, stack }) => [cause, message, stack]), states, client];
    expect(JSON.stringify(shown)).not.toContain('SECRET');
    expect(String(errors[0]?.stack)).not.toContain('SECRET');
  });
});
