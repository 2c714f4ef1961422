// `node built/main.js`: server and client in one process. `node built/main.js ask URL`: a client. `... serve`: a server.
import { ask } from './ask.js';
import { startChatServer } from './chat-server.js';

const [mode, url = ''] = process.argv.slice(2);
if (mode === 'serve') {
  const { url: address } = await startChatServer('events.db');
  console.log(address);
} else if (mode === 'ask') {
  console.log(JSON.stringify(await ask(url, 'alice', 'hello')));
} else {
  const server = await startChatServer('own-events.db');
  const types = await ask(server.url, 'alice', 'hello');
  if ((await server.eventsOf('alice')) < types.length) throw new Error('events are missing in the log');
  if ((await server.eventsOf('bob')) !== 0) throw new Error('events are in the log of another user');
  console.log(JSON.stringify(types));
  await server.close();
}
