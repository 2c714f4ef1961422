import { createClient, createRunStore } from '@ws/client';

const client = createClient({ url: new URLSearchParams(location.search).get('server') ?? '' });
const runs = createRunStore(client);
const line = document.querySelector('#answer');

runs.subscribe(() => {
  const run = runs.getSnapshot().at(-1);
  if (line === null || run?.status !== 'completed') return;
  line.textContent = run.response;
  line.setAttribute('data-tools', run.tools.map(({ status }) => status).join(' '));
});

client.connect();
void client.sendMessage({ text: 'hello from a page', threadId: 't1' });
