import { Agent } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HonestUser } from '../attacks/support/honest-user.ts';
import { RawSocket } from '../attacks/support/raw-socket.ts';
import { RawWebSocket } from '../attacks/support/raw-web-socket.ts';
import { Target } from '../attacks/support/target.ts';
import { httpBytes, socketBytes } from './bytes.ts';
import { fuzzedRequest, send, type FuzzedAnswer } from './http-requests.ts';

/** `FUZZ_RUNS=100000` searches for long. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 200);
/** For one run, on a machine that has other things to do as well. */
const RUN_MS = 100;

describe('whatever is sent', { timeout: 60_000 + RUNS * RUN_MS }, () => {
  let target: Target;
  let honest: HonestUser;
  const agent = new Agent({ keepAlive: true, maxSockets: 4 });

  beforeAll(async () => {
    // All runs come from one address and as one user: what is looked for is not a limit of rate.
    const noLimit = '1000000';
    target = await Target.start('listen', {
      WS_MAX_FRAMES_PER_SECOND_PER_USER: noLimit,
      WS_MAX_PUBLISH_PER_SECOND: noLimit,
    });
    honest = await HonestUser.connect(target);
  }, 60_000);
  afterAll(async () => {
    agent.destroy();
    await honest.leave();
    // Whatever was sent, the server had no mistake of its own to log.
    expect(target.log.split('\n').filter((line) => /"level":(50|60|"error"|"fatal")/.test(line))).toEqual([]);
    await target[Symbol.asyncDispose]();
  });

  async function search<Input>(input: fc.Arbitrary<Input>, holds: (input: Input) => Promise<void>): Promise<void> {
    await honest.isServedDuring(fc.assert(fc.asyncProperty(input, holds), { numRuns: RUNS }));
  }

  it('to a described call: no 5xx, and every refusal is a problem', async () => {
    const good = [`Bearer ${target.honestKey}`, `Bearer ${await target.token('fuzzer')}`];
    const credentials = [...good, ...good, ...good, 'Bearer x', 'Basic eDp5'];
    await search(fuzzedRequest(credentials), async (request) => {
      expectProblem(await send(target.url, agent, request));
    });
  });

  it('to the port, as bytes: no 5xx, and the connection ends', async () => {
    await search(httpBytes, async (bytes) => {
      using socket = await RawSocket.connect(target.url);
      socket.write(bytes);
      socket.finish();
      await socket.cutOff();
      expect(socket.statuses.filter((status) => status >= 500 && !socket.text.includes('OVERLOADED'))).toEqual([]);
    });
  });

  it.each(['with a credential', 'without one'])('on a WebSocket %s, as bytes: nothing breaks', async (who) => {
    const parts = who === 'without one' ? {} : { token: await target.token('fuzzer') };
    await search(socketBytes, async (bytes) => {
      using it = await RawWebSocket.open(target.url, parts);
      it.socket.write(bytes);
      it.socket.finish();
      await it.socket.cutOff();
      expect(it.text).not.toContain('INTERNAL');
      expect(
        it.frames.filter(
          ({ opcode, payload }) => opcode === 8 && payload.length > 1 && payload.readUInt16BE(0) === 1011,
        ),
      ).toEqual([]);
    });
  });
});

function expectProblem({ status, type, text }: FuzzedAnswer): void {
  // On a machine that is busy with other things the server may shed load: that is no fault of the request.
  expect({ status, text }).toSatisfy(() => status < 500 || text.includes('OVERLOADED'));
  if (status < 400) return;
  expect(type).toBe('application/problem+json; charset=utf-8');
  const problem = JSON.parse(text) as Readonly<Record<string, unknown>>;
  expect(problem).toMatchObject({ status, code: expect.any(String) as string, detail: expect.any(String) as string });
}
