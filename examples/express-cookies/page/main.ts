import { createClient } from '@ws/client';

const at = <Kind extends HTMLElement>(selector: string): Kind => {
  const element = document.querySelector<Kind>(selector);
  if (element === null) throw new Error(`the page has no ${selector}`);
  return element;
};
const [signIn, chat, conversation] = [at('#sign-in'), at('#chat'), at('#conversation')];
const [connection, input] = [at('[data-testid="connection"]'), at<HTMLInputElement>('[data-testid="message-input"]')];
const post = async (path: string, body = {}): Promise<Response> =>
  fetch(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

// No token: the browser sends the session's cookie. The whole conversation comes again with each load of the page.
const client = createClient({ url: '/agents/ws', from: 'earliest' });

client.on('state', ({ status }) => {
  connection.textContent = connection.dataset['state'] = status;
  // The session has ended, in this tab or another one.
  if (status === 'closed') show(null);
});
client.on('user_message', ({ payload }) => add('message', payload.text));
client.on('agent_started', ({ run_id }) => add('run', '', run_id));
client.on('agent_response_chunk', ({ run_id, payload }) => void (runOf(run_id).textContent += payload.delta));
client.on('agent_completed', ({ run_id, payload }) => {
  const run = runOf(run_id);
  run.dataset['status'] = payload.status;
  if (payload.status !== 'completed') run.append(` (${payload.status})`);
});
// The position is no longer kept, or another user has signed in: what is shown is void.
client.on('reset', () => conversation.replaceChildren());

at<HTMLFormElement>('#composer').onsubmit = (event) => {
  event.preventDefault();
  client.sendMessage({ text: input.value, threadId: 'chat' }).catch((error: unknown) => alert(String(error)));
  input.value = '';
};
signIn.onsubmit = async (event) => {
  event.preventDefault();
  const answer = await post('/sign-in', { name: at<HTMLInputElement>('[data-testid="name"]').value });
  if (answer.ok) show(((await answer.json()) as { userId: string }).userId);
};
at('[data-testid="sign-out"]').onclick = () => void post('/sign-out');

function add(className: string, text: string, runId = ''): void {
  const element = Object.assign(document.createElement('p'), { className, textContent: text });
  Object.assign(element.dataset, { testid: className, runId, status: 'running' });
  conversation.append(element);
}

function runOf(runId = ''): HTMLElement {
  return at(`[data-run-id="${CSS.escape(runId)}"]`);
}

function show(userId: string | null): void {
  signIn.hidden = userId !== null;
  chat.hidden = userId === null;
  at('[data-testid="user"]').textContent = userId;
  if (userId === null) conversation.replaceChildren();
  else client.connect();
}

show(((await (await fetch('/me')).json()) as { userId: string | null }).userId);
