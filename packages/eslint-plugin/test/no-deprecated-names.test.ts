import { RuleTester as RuleTester10 } from 'eslint';
import { RuleTester as RuleTester9 } from 'eslint9';
import tseslint from 'typescript-eslint';
import { describe, it } from 'vitest';
import { noDeprecatedNames } from '../src/no-deprecated-names.ts';

const FACTORY = 'use getWebSocketManager of @ws/core. It goes in version 2.0.0.';
const CLASS = 'use UnifiedWebSocketManager of @ws/core. It goes in version 2.0.0.';
const EMITTER = 'use manager.startRun() of @ws/core. It goes in version 2.0.0.';

const valid = [
  "import { getWebSocketManager } from '@ws/core'; getWebSocketManager({ userId: 'u1' }).emit({});",
  "import { getDeprecationUsage, withLegacyEvents } from '@ws/compat';",
  "import { getManager } from './managers.js'; getManager().sendToUser();",
  "import { getManager } from '@ws/compatible';",
  "import { getWebSocketManager } from '@ws/core'; mailer.sendToUser();",
  "const { readFile } = require('node:fs'); const other = { sendToUser() {} }; other.sendToUser();",
];

const invalid = [
  {
    name: 'renames an import and its uses',
    code: "import { getManager } from '@ws/compat';\nexport const one = getManager({ userId: 'u1' });",
    output:
      "import { getWebSocketManager } from '@ws/core';\nexport const one = getWebSocketManager({ userId: 'u1' });",
    errors: [{ message: `WSDEP012 getManager: ${FACTORY}`, line: 1, column: 10 }],
  },
  {
    name: 'takes a name out of a list, one at a time',
    code: "import { WebSocketManager, getDeprecationUsage } from '@ws/compat/websocket_manager';\nnew Set([WebSocketManager, getDeprecationUsage]);",
    output:
      "import { UnifiedWebSocketManager } from '@ws/core';\nimport { getDeprecationUsage } from '@ws/compat/websocket_manager';\nnew Set([UnifiedWebSocketManager, getDeprecationUsage]);",
    errors: [{ message: `WSDEP001 WebSocketManager: ${CLASS}` }],
  },
  {
    name: 'renames the first of two that become one, the second in the next pass',
    code: 'import { getManager, createManager } from "@ws/compat"\nconst managers = { getManager, two: createManager };',
    output:
      'import { getWebSocketManager } from "@ws/core"\nimport { createManager } from "@ws/compat"\nconst managers = { getManager: getWebSocketManager, two: createManager };',
    errors: 2,
  },
  {
    name: 'keeps a name that would meet another',
    code: "import { WebSocketManager } from '@ws/compat';\nfunction f(UnifiedWebSocketManager) { return UnifiedWebSocketManager instanceof WebSocketManager; }",
    output:
      "import { UnifiedWebSocketManager as WebSocketManager } from '@ws/core';\nfunction f(UnifiedWebSocketManager) { return UnifiedWebSocketManager instanceof WebSocketManager; }",
    errors: 1,
  },
  {
    name: 'keeps a name that the file chose',
    code: "import { WebSocketManager as Manager } from '@ws/compat';\nexport { Manager };",
    output: "import { UnifiedWebSocketManager as Manager } from '@ws/core';\nexport { Manager };",
    errors: 1,
  },
  {
    name: 'keeps the name of an export',
    code: "import { WebSocketManager } from '@ws/compat';\nexport { WebSocketManager };",
    output:
      "import { UnifiedWebSocketManager } from '@ws/core';\nexport { UnifiedWebSocketManager as WebSocketManager };",
    errors: 1,
  },
  {
    name: 'moves canonical names',
    code: "import { CRITICAL_EVENTS } from '@ws/compat/unified_init';\nCRITICAL_EVENTS.length;",
    output: "import { CRITICAL_EVENTS } from '@ws/types';\nCRITICAL_EVENTS.length;",
    errors: [{ message: 'CRITICAL_EVENTS: import it from @ws/types.' }],
  },
  {
    name: 'fixes no factory whose managers need their legacy methods',
    code: "import { getManager } from '@ws/compat';\nconst manager = getManager({ userId: 'u1' });\nmanager.send_to_user('u1', {});",
    output: null,
    errors: [
      { message: `WSDEP012 getManager: ${FACTORY}` },
      { message: 'WSDEP308 send_to_user: use manager.emit. It goes in version 2.0.0.', line: 3 },
    ],
  },
  {
    name: 'fixes no factory that gave a promise',
    code: "import { getWebSocketManagerAsync } from '@ws/compat';\nconst manager = await getWebSocketManagerAsync({});\nmanager?.broadcast({});",
    output: null,
    errors: [
      { message: `WSDEP008 getWebSocketManagerAsync: ${FACTORY}` },
      {
        message: 'WSDEP316 broadcast: use manager.emit. It goes in version 2.0.0.',
      },
    ],
  },
  {
    name: 'knows managers of the core, and emitters',
    code: "import { getWebSocketManager } from '@ws/core';\nimport { UnifiedWebSocketEmitter } from '@ws/compat';\ngetWebSocketManager({}).shutdown();\nconst emitter = new UnifiedWebSocketEmitter();\nemitter.notifyAgentStarted('a');",
    output: null,
    errors: [
      { message: `WSDEP023 UnifiedWebSocketEmitter: ${EMITTER}` },
      { message: 'WSDEP351 shutdown: use hub.drain(). It goes in version 2.0.0.' },
      { message: 'WSDEP405 notifyAgentStarted: use manager.startRun. It goes in version 2.0.0.' },
    ],
  },
  {
    name: 'reads CommonJS',
    code: "const { getManager, MIGRATION_GUIDE } = require('@ws/compat/canonical_imports');\nmodule.exports = { getManager, MIGRATION_GUIDE };",
    output:
      "const { getWebSocketManager } = require('@ws/core');\nconst { MIGRATION_GUIDE } = require('@ws/compat/canonical_imports');\nmodule.exports = { getManager: getWebSocketManager, MIGRATION_GUIDE };",
    errors: 2,
  },
  {
    name: 'reads whole modules, re-exports and dynamic imports',
    code: "import * as compat from '@ws/compat';\ncompat.getManager({});\nexport { WebSocketManager } from '@ws/compat';\nexport * from '@ws/compat/types';\nconst all = require('@ws/compat');\nall.createManager({});\nrequire('@ws/compat').getManager({});",
    output: null,
    errors: [
      { message: `WSDEP012 getManager: ${FACTORY}`, line: 2 },
      { message: `WSDEP001 WebSocketManager: ${CLASS}`, line: 3 },
      { message: '@ws/compat/types: import the names that are needed, one by one, to move them.', line: 4 },
      { message: `WSDEP015 createManager: ${FACTORY}`, line: 6 },
      { message: `WSDEP012 getManager: ${FACTORY}`, line: 7 },
    ],
  },
  {
    name: 'takes other paths for the first system',
    options: [{ from: ['../websocket_core'] }],
    code: "import { BroadcastCore } from '../websocket_core/broadcast_core.js';\nBroadcastCore.name;",
    output: "import { UnifiedWebSocketManager } from '@ws/core';\nUnifiedWebSocketManager.name;",
    errors: 1,
  },
];

for (const [version, RuleTester] of [
  ['10', RuleTester10],
  // The types of both differ in names alone.
  ['9', RuleTester9 as unknown as typeof RuleTester10],
] as const) {
  RuleTester.describe = describe;
  RuleTester.it = it;
  RuleTester.itOnly = it.only;
  new RuleTester({ languageOptions: { sourceType: 'module' } }).run(
    `no-deprecated-names with ESLint ${version}`,
    noDeprecatedNames,
    {
      valid,
      invalid,
    },
  );
}

new RuleTester10({ languageOptions: { parser: tseslint.parser } }).run(
  'no-deprecated-names in TypeScript',
  noDeprecatedNames,
  {
    valid: ["import type { UnifiedWebSocketManager } from '@ws/core'; let manager: UnifiedWebSocketManager;"],
    invalid: [
      {
        name: 'renames types',
        code: "import type { WebSocketManager } from '@ws/compat';\nlet manager: WebSocketManager | undefined;\nexport type M = typeof manager;",
        output:
          "import type { UnifiedWebSocketManager } from '@ws/core';\nlet manager: UnifiedWebSocketManager | undefined;\nexport type M = typeof manager;",
        errors: 1,
      },
      {
        name: 'keeps a type a type',
        code: "import { type UserId, withLegacyEvents } from '@ws/compat';\nexport const f = (id: UserId) => [id, withLegacyEvents];",
        output:
          "import { type UserId } from '@ws/types';\nimport { withLegacyEvents } from '@ws/compat';\nexport const f = (id: UserId) => [id, withLegacyEvents];",
        errors: 1,
      },
      {
        name: 'knows managers by their declared type',
        code: "import type { LegacyManager } from '@ws/compat';\nexport const f = (manager: LegacyManager) => manager.emitCriticalEvent('u1', 'x', {});",
        output: null,
        errors: [{ message: 'WSDEP312 emitCriticalEvent: use manager.emit. It goes in version 2.0.0.' }],
      },
      {
        name: 'fixes no type whose managers need their legacy methods',
        code: "import type { WebSocketManager } from '@ws/compat';\nexport const f = (manager: WebSocketManager) => manager.sendToUser('u1', {});",
        output: null,
        errors: [
          { message: `WSDEP001 WebSocketManager: ${CLASS}` },
          { message: 'WSDEP308 sendToUser: use manager.emit. It goes in version 2.0.0.', line: 2 },
        ],
      },
      {
        name: 'finds types of a whole module',
        code: "import * as compat from '@ws/compat';\nexport type M = compat.WebSocketManager;",
        output: null,
        errors: 1,
      },
    ],
  },
);
