import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHub, getWebSocketManager, setDefaultHub } from '../src/index.ts';
import { offerDefaultHub } from '../src/internal.ts';

const KEY = Symbol.for('@ws/core:default-hub');
const realm = globalThis as { [KEY]?: object };
const ALICE = { userId: 'alice' };

const forget = (): void => {
  delete realm[KEY];
};
beforeEach(forget);
afterEach(forget);

describe('the default hub', () => {
  it('is set once', () => {
    const hub = createHub();
    setDefaultHub(hub);
    setDefaultHub(hub);
    expect(getWebSocketManager(ALICE)).toBe(hub.manager(ALICE));
    expect(() => setDefaultHub(createHub())).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  it('is one in memory where nothing was set, and stays it', () => {
    const manager = getWebSocketManager(ALICE);
    expect(getWebSocketManager(ALICE)).toBe(manager);
    expect(() => setDefaultHub(createHub())).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    const late = createHub();
    expect(offerDefaultHub(late).cameLate).toBe(true);
    expect(getWebSocketManager(ALICE)).toBe(manager);
  });

  it('is that of the one server of the process, until it is closed', () => {
    const [first, second] = [createHub(), createHub()];
    const offer = offerDefaultHub(first);
    expect(offer.cameLate).toBe(false);
    expect(getWebSocketManager(ALICE)).toBe(first.manager(ALICE));
    const another = offerDefaultHub(second);
    // Each of them may be meant.
    expect(() => getWebSocketManager(ALICE)).toThrow('this process has 2 servers');
    expect(getWebSocketManager(ALICE, second)).toBe(second.manager(ALICE));
    offer.withdraw();
    expect(getWebSocketManager(ALICE)).toBe(second.manager(ALICE));
    another.withdraw();
    expect(getWebSocketManager(ALICE)).not.toBe(second.manager(ALICE));
  });

  it('that was set comes before those of servers', () => {
    const hub = createHub();
    setDefaultHub(hub);
    for (const server of [createHub(), createHub()]) expect(offerDefaultHub(server).cameLate).toBe(false);
    expect(getWebSocketManager(ALICE)).toBe(hub.manager(ALICE));
  });

  it('that was set and is closed gives way to another, and until then calls say what to do', async () => {
    const hub = createHub();
    setDefaultHub(hub);
    await hub.close();
    const isClosed = expect.objectContaining({
      code: 'HUB_CLOSED',
      message: expect.stringContaining('set another one') as string,
    }) as Error;
    expect(() => getWebSocketManager(ALICE)).toThrow(isClosed);
    const server = createHub();
    const offer = offerDefaultHub(server);
    expect(offer.cameLate).toBe(false);
    expect(getWebSocketManager(ALICE)).toBe(server.manager(ALICE));
    const next = createHub();
    setDefaultHub(next);
    expect(getWebSocketManager(ALICE)).toBe(next.manager(ALICE));
  });

  it.each(['0.1.0', '1.0.0', 'next'])('of version %s is refused, and both versions are named', (version) => {
    realm[KEY] = { version, hub: undefined, wasSet: false, offered: new Set() };
    for (const use of [() => getWebSocketManager(ALICE), () => setDefaultHub(createHub())]) {
      expect(use).toThrow(`@ws/core ${version} and @ws/core 0.0.0`);
    }
    // A hub that is named needs no default one.
    const hub = createHub();
    expect(getWebSocketManager(ALICE, hub)).toBe(hub.manager(ALICE));
  });

  it('of a version that differs in the patch alone is shared', () => {
    const hub = createHub();
    realm[KEY] = { version: '0.0.7', hub, wasSet: true, offered: new Set() };
    expect(getWebSocketManager(ALICE)).toBe(hub.manager(ALICE));
  });
});

// A second copy of every module: those that it imports are of its own, too.
const TWO_COPIES = `
  import { registerHooks } from 'node:module';
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      const isCopy = context.parentURL?.endsWith('?copy') === true && found.url.startsWith('file:');
      return isCopy && !found.url.endsWith('?copy') ? { ...found, url: found.url + '?copy' } : found;
    },
  });
  const url = ${JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../src/index.ts')).href)};
  const [one, copy] = [await import(url), await import(url + '?copy')];`;

async function withTwoCopies(script: string): Promise<unknown> {
  const args = ['--conditions=@ws/source', '--input-type=module', '--eval', `${TWO_COPIES}\n${script}`];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env });
  return JSON.parse(stdout);
}

describe('two copies of the module', () => {
  it('share the hub that either of them opens first', async () => {
    const script = `
      const user = { userId: 'alice' };
      const manager = copy.getWebSocketManager(user);
      const seen = [];
      await one.getWebSocketManager(user).emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'a' } });
      for (const { type } of (await manager.history()).events) seen.push(type);
      console.log(JSON.stringify({
        areTwo: one.UnifiedWebSocketManager !== copy.UnifiedWebSocketManager,
        isOneManager: one.getWebSocketManager(user) === manager,
        seen,
      }));`;
    expect(await withTwoCopies(script)).toEqual({ areTwo: true, isOneManager: true, seen: ['agent_started'] });
  });

  it('share the hub that one of them sets, and refuse another', async () => {
    const script = `
      const hub = one.createHub();
      one.setDefaultHub(hub);
      let code;
      try { copy.setDefaultHub(copy.createHub()); } catch (error) { code = error.code; }
      const isOne = copy.getWebSocketManager({ userId: 'alice' }) === hub.manager({ userId: 'alice' });
      console.log(JSON.stringify({ code, isOne }));`;
    expect(await withTwoCopies(script)).toEqual({ code: 'INVALID_OPTION', isOne: true });
  });
});
