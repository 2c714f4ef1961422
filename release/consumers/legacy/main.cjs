// A program that was never changed: old names only, by require. Prints what it found.
const { createHub } = require('@ws/core');
const compat = require('@ws/compat');
const { get_websocket_manager, createWebSocketManager, getManager, WebSocketManager } = compat;

const paths = Object.keys(require('@ws/compat/package.json').exports)
  .filter((path) => path !== './package.json')
  .map((path) => `@ws/compat${path.slice(1)}`);

async function main() {
  const context = { userId: 'alice' };
  const manager = get_websocket_manager(context);
  const received = [];
  await manager.emit({ type: 'agent_started', run_id: 'r1', payload: { agent_name: 'old' } });
  await manager.emit({ type: 'agent_completed', run_id: 'r1', payload: { status: 'completed', duration_ms: 1 } });
  for (const { type } of (await manager.history()).events) received.push(type);

  const imported = { compat: await import('@ws/compat'), core: await import('@ws/core') };
  const loaded = await Promise.all(paths.map(async (path) => [require(path), await import(path)]));
  const classes = loaded.flat().flatMap((names) => names.WebSocketManager ?? []);
  console.log(
    JSON.stringify({
      received,
      isOneManager: createWebSocketManager(context) === manager && getManager(context) === manager,
      isInstance: manager instanceof WebSocketManager,
      isOneClass: [...classes, imported.compat.WebSocketManager, imported.core.UnifiedWebSocketManager].every(
        (one) => one === WebSocketManager,
      ),
      isOneHub: imported.core.createHub === createHub,
      paths: paths.length,
    }),
  );
}

main();
