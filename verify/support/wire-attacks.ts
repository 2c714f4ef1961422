import { publish, request, tokenFor } from './http.ts';
import { makeTempFolder } from './places.ts';
import { wholeRun } from './runs.ts';
import { Server } from './server.ts';
import { Wire } from './wire.ts';

export interface Attempt {
  readonly name: string;
  readonly answer: string;
  readonly ok: boolean;
}

/** Mallory, with a good token of their own, tries what is Alice's. */
export async function attackOverTheWire(): Promise<readonly Attempt[]> {
  using folder = makeTempFolder();
  await using server = await Server.start({ folder: folder.path });
  const { url } = server;
  await publish(url, 'alice', wholeRun('finished'));
  await publish(url, 'alice', wholeRun('secret').slice(0, 3));
  const page = await request(`${url}/v1/users/alice/events`, { headers: { authorization: 'Bearer dev-key' } });
  const epoch = String(page.body['epoch']);
  const token = await tokenFor(url, 'mallory');
  const asMallory = { headers: { authorization: `Bearer ${token}` } };
  const attempts: Attempt[] = [];
  const expectStatus = (name: string, status: number, wanted: readonly number[]): void => {
    attempts.push({ name, answer: String(status), ok: wanted.includes(status) });
  };

  const history = await request(`${url}/v1/users/alice/events`, asMallory);
  expectStatus("reads another user's history", history.status, [403]);
  const sse = { headers: { ...asMallory.headers, accept: 'text/event-stream' } };
  expectStatus(
    "follows another user's stream as Server-Sent Events",
    (await request(`${url}/v1/users/alice/events`, sse)).status,
    [403],
  );
  const published = await publish(url, 'alice', wholeRun('forged'), token);
  expectStatus('publishes to another user with the token of a user', published.status, [401, 403]);

  const wire = await Wire.open(url, { token, hello: { resume: { epoch, offset: 0 } } });
  const ready = wire.frames[0];
  attempts.push({
    name: "resumes at a position of another user's stream",
    answer: `${String(ready?.['user_id'])}, head ${String(ready?.['head_offset'])}`,
    ok: ready?.['user_id'] === 'mallory' && ready['head_offset'] === 0,
  });
  const requests = [
    { name: "cancels another user's run", ref: 'secret', frame: { type: 'cancel_run', run_id: 'secret' } },
    {
      name: "approves another user's tool call",
      ref: 'secret-call',
      frame: { type: 'tool_approval', run_id: 'secret', tool_call_id: 'secret-call', approved: true },
    },
  ];
  for (const { name, ref, frame } of requests) {
    wire.say(frame);
    const { type, code } = await wire.answerTo(ref);
    attempts.push({ name, answer: `${type} ${String(code)}`, ok: type === 'error' });
  }
  const foreign = await tokenFor(url, 'alice');
  wire.say({ type: 'auth', token: foreign });
  await wire.until(() => wire.closeCode !== undefined || wire.frames.some(({ type }) => type === 'error'), 'a refusal');
  const refusal = wire.frames.filter(({ type }) => type === 'error' || type === 'auth_ok').at(-1);
  attempts.push({
    name: 'takes over another user in the middle of a connection',
    answer: `${String(refusal?.type)} ${String(refusal?.['code'])}`,
    ok: refusal?.type === 'error',
  });
  attempts.push({
    name: 'events that arrived through all of it',
    answer: String(wire.events.length),
    ok: wire.events.length === 0,
  });
  wire.close();
  return attempts;
}
