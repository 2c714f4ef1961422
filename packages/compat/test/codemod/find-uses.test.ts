import { describe, expect, it } from 'vitest';
import { findUses } from '../../src/codemod/find-uses.ts';
import { LegacySources } from '../../src/legacy-sources.ts';

const usesIn = (text: string, file = 'file.ts', from: readonly string[] = []) =>
  findUses(file, text, new LegacySources(from)).map(({ line, column, code, name }) =>
    [`${line}:${column}`, ...(code === undefined ? [] : [code]), name].join(' '),
  );

describe('the scanner', () => {
  it('finds names, canonical ones in legacy places, and methods, with their places', () => {
    const text = `import { getManager, UserContext as Context } from '@ws/compat';
const manager = getManager({ userId: 'u1' });
await manager.sendToUser('u1', {}); manager.send_to_user('u1', {});
manager.emit({});
`;
    expect(usesIn(text)).toEqual([
      '1:10 WSDEP012 getManager',
      '1:22 UserContext',
      '3:15 WSDEP308 sendToUser',
      '3:45 WSDEP308 send_to_user',
    ]);
  });

  it('finds them in CommonJS, namespaces, dynamic imports and types', () => {
    expect(usesIn("const { getManager } = require('@ws/compat/manager');", 'file.cjs')).toEqual([
      '1:9 WSDEP012 getManager',
    ]);
    expect(usesIn("const c = require('@ws/compat');\nc.createManager();", 'file.js')).toEqual([
      '2:3 WSDEP015 createManager',
    ]);
    expect(usesIn("const a = (await import('@ws/compat')).getManager;")).toEqual(['1:40 WSDEP012 getManager']);
    expect(usesIn("type A = import('@ws/compat').WebSocketManager;")).toEqual(['1:31 WSDEP001 WebSocketManager']);
    expect(usesIn("import * as c from '@ws/compat';\ntype A = c.WebSocketManager;")).toEqual([
      '2:12 WSDEP001 WebSocketManager',
    ]);
  });

  it('follows managers through variables, properties, parameters and types', () => {
    const text = `import { createWebSocketManagerAsync, UnifiedWebSocketEmitter, type WebSocketManager } from '@ws/compat';
class Service {
  constructor(private readonly own: WebSocketManager, other: WebSocketManager) { other.broadcast({}); }
  #made = createWebSocketManagerAsync({ userId: 'u1' });
  emitter = new UnifiedWebSocketEmitter(this.own);
  run() { this.own.sendMessage('u1', {}); this.emitter.notify_agent_started('a'); this.other.broadcast({}); }
}`;
    expect(usesIn(text).slice(3)).toEqual([
      '3:88 WSDEP316 broadcast',
      '6:20 WSDEP314 sendMessage',
      '6:56 WSDEP405 notify_agent_started',
    ]);
  });

  it('finds private names, whole modules, and what else imports the first system', () => {
    expect(usesIn('module._factoryInstance = null;', 'file.js')).toEqual(['1:8 WSDEP500 _factoryInstance']);
    expect(usesIn("export * from '@ws/compat/types';")).toEqual(['1:15 @ws/compat/types']);
    const ported = "import { getManager } from '../websocket_core/manager.js';";
    expect(usesIn(ported)).toEqual([]);
    expect(usesIn(ported, 'file.ts', ['../websocket_core'])).toEqual(['1:10 WSDEP012 getManager']);
    const deep =
      "import { getManager } from '../../src/websocket_core/manager.js'; import * as all from './websocket_core';";
    expect(usesIn(deep, 'file.ts', ['websocket_core'])).toEqual(['1:10 WSDEP012 getManager']);
    expect(usesIn(deep, 'file.ts', ['../websocket_core', 'socket_core'])).toEqual([]);
  });

  it('leaves alone what is not of the first system', () => {
    expect(usesIn("import { getManager } from './managers'; getManager().sendToUser();")).toEqual([]);
    expect(usesIn("import { withLegacyEvents } from '@ws/compat'; mailer.sendToUser();")).toEqual([]);
    expect(usesIn("import { getManager } from '@ws/compatible';")).toEqual([]);
  });
});
