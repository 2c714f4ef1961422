import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { inspectSetup } from '@ws/service';
import { inspectDevelopment } from '../src/doctor/inspect-development.ts';
import { inspectService } from '../src/doctor/inspect-service.ts';

type Findings = Awaited<ReturnType<typeof inspectService>>;

const found = (findings: Findings, verdict: string): readonly string[] =>
  findings.filter((finding) => finding.verdict === verdict).map(({ what }) => what);

const adviceOf = (findings: Findings, what: RegExp): string =>
  findings.find((finding) => what.test(finding.what))?.advice ?? '';

describe('the set-up', () => {
  const good = {
    NODE_ENV: 'production',
    WS_PORT: '0',
    WS_LOG_URL: 'memory:',
    WS_JWT_SECRET: 'Zk3v9QpX7sLr2TnWbY8dHf4MjCgA6eUo',
    WS_API_KEY: 'qN5xT8wBz1KvR4yLp7GmDs2HcJfEa9Uo',
  };

  it('names what keeps the service from starting', async () => {
    const findings = await inspectSetup({ NODE_ENV: 'production' });
    expect(found(findings, 'fault')[0]).toMatch(/would not start: WS_JWT_SECRET/);
  });

  it('is good where it is good, and says what the log promises', async () => {
    const findings = await inspectSetup(good);
    expect(found(findings, 'fault')).toEqual([]);
    expect(found(findings, 'good')).toContain('WS_JWT_SECRET is long and varied');
    const sqlite = await inspectSetup({ ...good, WS_LOG_URL: 'redis://127.0.0.1:9' });
    expect(found(sqlite, 'fault').join()).toMatch(/the log \(redis\) cannot be/);
  });

  it('judges secrets and never repeats them', async () => {
    const weak = { ...good, WS_JWT_SECRET: 'abababababababababababababababababab', WS_API_KEY: 'hush' };
    const inProduction = await inspectSetup(weak);
    expect(found(inProduction, 'fault')[0]).toMatch(/would not start: WS_JWT_SECRET .* 2 different characters/);
    const findings = await inspectSetup({ ...weak, WS_JWT_SECRET: good.WS_JWT_SECRET, NODE_ENV: '' });
    expect(found(findings, 'fault')[0]).toMatch(/would not start: WS_API_KEY .* only 4 characters/);
    expect(JSON.stringify([...inProduction, ...findings])).not.toMatch(/abab|hush/);
  });

  it('names every fault of the settings, and variables that are mistyped', async () => {
    const findings = await inspectSetup({
      ...good,
      WS_JWT_SECRET: 'hush',
      WS_API_KEY: 'hush',
      WS_MAX_LAG_MS: 'long',
      WS_LOG_URL: 'postgres://x',
      WS_HEARTBEAT: '5',
    });
    const faults = found(findings, 'fault').join();
    for (const name of ['WS_JWT_SECRET', 'WS_API_KEY', 'WS_MAX_LAG_MS', 'WS_LOG_URL']) expect(faults).toContain(name);
    expect(found(findings, 'doubt')).toEqual(['WS_HEARTBEAT is not a setting: did you mean WS_HEARTBEAT_MS?']);
    expect(JSON.stringify(findings)).not.toContain('hush');
  });

  it('names what is missing once, and every fault beside it', async () => {
    // No folder can be made below a file.
    const WS_LOG_URL = `sqlite:${import.meta.filename}/events.db`;
    const findings = await inspectSetup({ WS_PORT: 'high', WS_MAX_LAG_MS: 'long', WS_LOG_URL });
    const faults = found(findings, 'fault');
    for (const name of ['WS_PORT', 'WS_MAX_LAG_MS', 'WS_JWT_SECRET', 'WS_API_KEY', 'the log (sqlite)']) {
      expect(faults.filter((fault) => fault.includes(name))).toHaveLength(1);
    }
  });

  it('looks at no port, origins or log where the setting of each is refused', async () => {
    const wrong = { WS_PORT: '99999', WS_LOG_URL: 'sqlite:x.db?synchronus=full', WS_ALLOWED_ORIGINS: 'example' };
    const findings = await inspectSetup({ ...good, ...wrong });
    expect(found(findings, 'fault')).toHaveLength(3);
    expect(found(findings, 'good')).toEqual([`Node ${process.versions.node}`]);
  });

  it('says that development mode is on, and what is in its way', async () => {
    const development = { WS_DEVELOPMENT: 'on', WS_PORT: '0', WS_LOG_URL: 'memory:' };
    const findings = await inspectSetup(development);
    expect(found(findings, 'fault')).toEqual([]);
    expect(found(findings, 'note').join()).toMatch(/development mode, on 127\.0\.0\.1: every program and page/);
    const both = await inspectSetup({ ...good, ...development });
    expect(found(both, 'fault')[0]).toMatch(
      /would not start: WS_DEVELOPMENT=on .* NODE_ENV=production or WS_JWT_SECRET/,
    );
  });

  it('finds nothing to mend in an environment that says nothing of a service', async () => {
    const findings = await inspectSetup({ PATH: '/bin', WS_URL: 'https://events.example.com', WS_API_KEY: 'k' });
    expect(findings.map(({ verdict }) => verdict)).toEqual(['good', 'note']);
  });

  it('says that a port is in use, and doubts origins without TLS', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const findings = await inspectSetup({
      ...good,
      WS_PORT: String(port),
      WS_ALLOWED_ORIGINS: 'http://app.example.com',
    });
    other.close();
    expect(found(findings, 'note').join()).toContain(`port ${port} on 127.0.0.1 is in use`);
    expect(found(findings, 'doubt').join()).toContain('http://app.example.com');
  });
});

describe('a service behind something that is wrong', () => {
  const servers: ReturnType<typeof createServer>[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function wrong(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const ofStream = ({ headers }: IncomingMessage): boolean => headers.accept === 'text/event-stream';

  it('nothing there', async () => {
    expect(found(await inspectService('http://127.0.0.1:9', {}), 'fault')[0]).toMatch(/^nothing answers: /);
  });

  it('a proxy that drops Upgrade, with what to do for nginx', async () => {
    const url = await wrong((request, response) => {
      const text = request.url === '/ws' ? '/ws takes WebSocket upgrades only: a proxy on the way may have …' : '{}';
      response.writeHead(request.url === '/ws' ? 400 : 200).end(text);
    });
    const findings = await inspectService(url, {});
    expect(adviceOf(findings, /upgrade was answered with 400/)).toMatch(/drops the header Upgrade.*proxy_set_header/);
  });

  it('a proxy that holds event streams back', async () => {
    const url = await wrong((request, response) => {
      if (!ofStream(request)) response.end('{}');
    });
    const findings = await inspectService(url, {});
    expect(adviceOf(findings, /nothing of an event stream came/)).toMatch(/proxy_buffering off/);
  });

  it('a service that gives tokens for any user, also where it only does so for Host: localhost', async () => {
    const url = await wrong((request, response) => {
      const isFooled = request.url === '/dev/token' && request.headers.host === 'localhost';
      response.end(isFooled ? '{"token":"t"}' : '{}');
    });
    expect(await inspectDevelopment(url)).toMatchObject({ verdict: 'note' });
    // The same machine at an address that need not be its own.
    expect(await inspectDevelopment(url.replace('127.0.0.1', '0.0.0.0'))).toMatchObject({ verdict: 'fault' });
    const sound = await wrong((_request, response) => response.writeHead(403).end('{}'));
    expect(await inspectDevelopment(sound)).toEqual({ verdict: 'good', what: 'it gives no development tokens' });
  });

  it('clocks that differ, a log that is away, a key that is wrong', async () => {
    const url = await wrong((request, response) => {
      response.setHeader('date', new Date(Date.now() + 60_000).toUTCString());
      if (request.url === '/readyz') response.writeHead(503).end('{"log":{"reachable":false}}');
      else response.writeHead(request.url?.startsWith('/v1') === true ? 401 : 200).end('{}');
    });
    const findings = await inspectService(url, { WS_API_KEY: 'hush' });
    expect(found(findings, 'doubt').join()).toMatch(/clocks .* differ by (59|60|61)\.\d s/);
    expect(found(findings, 'fault').join()).toMatch(
      /it is not ready: .*reachable.*the key of WS_API_KEY is not known there/s,
    );
    expect(JSON.stringify(findings)).not.toContain('hush');
  });
});
