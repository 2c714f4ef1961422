// What the codemod can move by itself.
const { getManager, WebSocketManager } = require('@ws/compat');

const manager = getManager({ userId: 'alice' });
manager
  .emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'small' } })
  .then(({ offset }) => console.log(`${offset} ${manager instanceof WebSocketManager}`));
