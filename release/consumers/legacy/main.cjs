// A program that was never changed: old names, old paths and old calls only, by require. Prints what came of it.
const { once } = require('node:events');
const { WebSocket, WebSocketServer } = require('ws');
const { get_websocket_manager, WebSocketManager } = require('@ws/compat/websocket_manager');
const { createWebSocketManager } = require('@ws/compat/websocket_manager_factory');
const { getManager } = require('@ws/compat/unified_init');
const { UnifiedWebSocketEmitter } = require('@ws/compat/unified_emitter');
const { sameOfEveryPath } = require('./identity.cjs');

/** A client of the first system: it says nothing first, and takes the events it gets as they are. */
async function connect(port) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  const events = [];
  socket.on('message', (data) => events.push(JSON.parse(String(data))));
  await once(socket, 'message');
  const until = async (type) => {
    while (!events.some((event) => event.type === type)) await once(socket, 'message');
  };
  return { socket, events, until };
}

async function main() {
  const context = { userId: 'alice' };
  const manager = get_websocket_manager(context);
  // A canonical manager has no old methods: those of a legacy factory have.
  const legacy = createWebSocketManager(context);

  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => legacy.connect_user('alice', socket, { legacyEvents: 'flat' }));
  await once(server, 'listening');
  const client = await connect(server.address().port);

  await legacy.emit_critical_event('alice', 'agent_started', { agent_name: 'old' });
  await legacy.send_to_user('alice', { type: 'agent_thinking', data: { thought: 'Hm', agent_name: 'old' } });
  await legacy.emit_critical_event('alice', 'agent_completed', { response: 'Done.' });
  const emitter = new UnifiedWebSocketEmitter(getManager(context), 'alice');
  await emitter.notifyToolExecuting('search', { q: 'x' });
  await emitter.emit_tool_completed({ name: 'search', output: 3 });
  await emitter.emitAgentCompleted({ response: 'Three.' });
  const foreign = await legacy.send_to_user('bob', { type: 'agent_started' }).catch(({ code }) => code);
  await legacy.broadcast({ type: 'goodbye' });
  await client.until('goodbye');

  const closed = once(client.socket, 'close');
  await legacy.shutdown();
  await closed;
  server.close();
  console.log(
    JSON.stringify({
      received: client.events.map(({ type }) => type),
      answers: client.events.flatMap(({ final_response: answer }) => answer ?? []),
      foreign,
      isOneManager: legacy === manager && getManager(context) === manager,
      isInstance: manager instanceof WebSocketManager,
      ...(await sameOfEveryPath()),
    }),
  );
}

main();
