import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CuttableNetwork } from '../../src/session/cuttable-socket.ts';

class FakeWebSocket {
  static readonly OPEN = 1;
  static last: FakeWebSocket | null = null;
  readyState = 1;
  sent: string[] = [];
  closed = false;
  onopen: ((event: unknown) => void) | null = null;
  onmessage: ((event: unknown) => void) | null = null;
  onclose: ((event: unknown) => void) | null = null;
  onerror: ((event: unknown) => void) | null = null;
  constructor() {
    FakeWebSocket.last = this;
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.closed = true;
  }
}

beforeEach(() => vi.stubGlobal('WebSocket', FakeWebSocket));
afterEach(() => vi.unstubAllGlobals());

function open(network: CuttableNetwork) {
  const socket = new network.WebSocket('ws://x', []);
  const closes: number[] = [];
  const messages: unknown[] = [];
  socket.onclose = ({ code }: { readonly code: number }) => closes.push(code);
  socket.onmessage = ({ data }: { readonly data: unknown }) => messages.push(data);
  return { socket, closes, messages };
}

it('passes on what arrives, after it was looked at', () => {
  const seen = vi.fn();
  const { messages } = open(new CuttableNetwork(seen));
  FakeWebSocket.last?.onmessage?.({ data: 'hello' });
  expect(seen).toHaveBeenCalledWith('hello');
  expect(messages).toEqual(['hello']);
});

it('breaks the live socket without a word, and lets nothing more through', () => {
  const network = new CuttableNetwork(vi.fn());
  const { closes } = open(network);
  const real = FakeWebSocket.last;
  network.cut();
  expect(closes).toEqual([1006]);
  expect(real?.closed).toBe(true);
  expect(real?.onmessage).toBeNull();
});

it('lets no socket open until it is restored', async () => {
  const network = new CuttableNetwork(vi.fn());
  network.cut();
  FakeWebSocket.last = null;
  const { closes } = open(network);
  await Promise.resolve();
  expect(closes).toEqual([1006]);
  expect(FakeWebSocket.last).toBeNull();
  network.restore();
  open(network);
  expect(FakeWebSocket.last).not.toBeNull();
});

it('sends beside the client only on a socket that is open', () => {
  const network = new CuttableNetwork(vi.fn());
  network.send('too early');
  open(network);
  network.send('ping');
  expect(FakeWebSocket.last?.sent).toEqual(['ping']);
});

it('breaks requests as well, and makes none while it is unplugged', async () => {
  const network = new CuttableNetwork(vi.fn());
  const asked = vi.fn(
    async (_input: unknown, init?: RequestInit) =>
      new Promise<Response>((_resolve, reject) => {
        init?.signal?.addEventListener('abort', () => reject(new Error('broken off')));
      }),
  );
  vi.stubGlobal('fetch', asked);
  const own = new AbortController();
  const [underWay, givenUp] = [network.fetch('/a'), network.fetch('/b', { signal: own.signal })];
  own.abort();
  await expect(givenUp).rejects.toThrow('broken off');
  network.cut();
  await expect(underWay).rejects.toThrow('broken off');
  await expect(network.fetch('/c')).rejects.toThrow(TypeError);
  expect(asked).toHaveBeenCalledTimes(2);
  network.restore();
  void network.fetch('/d').catch(() => undefined);
  expect(asked).toHaveBeenCalledTimes(3);
});
