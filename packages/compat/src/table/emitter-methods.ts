import type { LegacyRows } from './legacy-row.ts';

const to = <const Text extends string>(replacement: Text) => ({ kind: 'method', modules: [], replacement }) as const;

/** Methods of the old emitter, in camelCase; the original snake_case spelling of each is there, too. */
export const EMITTER_METHODS = {
  emitAgentStarted: { code: 'WSDEP400', ...to('`manager.startRun`') },
  emitAgentThinking: { code: 'WSDEP401', ...to('`run.think`') },
  emitToolExecuting: { code: 'WSDEP402', ...to('`run.tool`') },
  emitToolCompleted: { code: 'WSDEP403', ...to('the result of `run.tool`') },
  emitAgentCompleted: { code: 'WSDEP404', ...to('`run.complete`') },
  notifyAgentStarted: { code: 'WSDEP405', ...to('`manager.startRun`') },
  notifyAgentThinking: { code: 'WSDEP406', ...to('`run.think`') },
  notifyToolExecuting: { code: 'WSDEP407', ...to('`run.tool`') },
  notifyToolCompleted: { code: 'WSDEP408', ...to('the result of `run.tool`') },
  notifyAgentCompleted: { code: 'WSDEP409', ...to('`run.complete`') },
} as const satisfies LegacyRows;
