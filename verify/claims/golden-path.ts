import { createClient } from '@ws/client';
import { CRITICAL_EVENTS, type StreamEvent } from '@ws/types';
import { judge, type Claim } from '../support/claim.ts';
import { tokenFor } from '../support/http.ts';
import { DEMO, makeTempFolder } from '../support/places.ts';
import { orderFaults } from '../support/runs.ts';
import { Server } from '../support/server.ts';
import { rounded } from '../support/statistics.ts';
import { eventually } from '../support/eventually.ts';

export const goldenPath: Claim = {
  id: 'golden-path',
  claim: 'The five events arrive in order on the golden path: a user asks, an agent works, the answer is there',
  source: '“Golden Path functionality preserved”, “5 critical events infrastructure preserved”',
  async run({ progress }) {
    using folder = makeTempFolder();
    await using server = await Server.start({ folder: folder.path, main: DEMO });
    const client = createClient({ url: `${server.url}/ws`, token: () => tokenFor(server.url, 'alice') });
    const events: StreamEvent[] = [];
    client.on('*', (event) => events.push(event));
    client.connect();
    await eventually(() => client.state.status === 'live', 'the client is live');

    progress('a question to the demo agent, over the built server and the built client');
    const askedAt = performance.now();
    const { runId = '' } = await client.sendMessage({ text: 'How many lines of tests are there?', threadId: 't1' });
    const ofRun = (): readonly StreamEvent[] => events.filter(({ run_id }) => run_id === runId);
    await eventually(() => ofRun().some(({ type }) => type === 'agent_completed'), 'the run ends');
    const took = performance.now() - askedAt;
    client.close();

    const types = ofRun().map(({ type }) => type);
    const end = ofRun().find((event): event is StreamEvent<'agent_completed'> => event.type === 'agent_completed');
    const wrong = [
      ...orderFaults('the run', ofRun() as Parameters<typeof orderFaults>[1]),
      ...CRITICAL_EVENTS.filter((type) => !types.includes(type)).map((type) => `no ${type} arrived`),
    ];
    if (end?.payload.status !== 'completed') wrong.push(`the run ended as ${end?.payload.status ?? 'nothing'}`);
    if ((end?.payload.final_response ?? '') === '') wrong.push('the run ended without an answer');
    const count = (wanted: string): number => types.filter((type) => type === wanted).length;
    const counts = Object.fromEntries(CRITICAL_EVENTS.map((type) => [type, count(type)]));
    return judge(wrong, { ...counts, 'from question to answer ms': rounded(took) }, [
      'demo agent of the built server, real tool calls on this repository, built @ws/client, SQLite log',
      `first of each: ${CRITICAL_EVENTS.join(' → ')}; tool events in pairs; an answer at the end`,
    ]);
  },
};
