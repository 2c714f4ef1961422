import type { LegacyRows } from './legacy-row.ts';

const to = <const Text extends string>(replacement: Text) => ({ kind: 'method', modules: [], replacement }) as const;

/** Methods of the old emitter, in camelCase; the original snake_case spelling of each is there, too. */
export const EMITTER_METHODS = {
  emitAgentStarted: { code: 'WSDEP400', ...to('`run.started`') },
  emitAgentThinking: { code: 'WSDEP401', ...to('`run.thinking`') },
  emitToolExecuting: { code: 'WSDEP402', ...to('`run.toolExecuting`') },
  emitToolCompleted: { code: 'WSDEP403', ...to('`call.completed` of `run.toolExecuting`') },
  emitAgentCompleted: { code: 'WSDEP404', ...to('`run.complete`') },
  notifyAgentStarted: { code: 'WSDEP405', ...to('`run.started`') },
  notifyAgentThinking: { code: 'WSDEP406', ...to('`run.thinking`') },
  notifyToolExecuting: { code: 'WSDEP407', ...to('`run.toolExecuting`') },
  notifyToolCompleted: { code: 'WSDEP408', ...to('`call.completed` of `run.toolExecuting`') },
  notifyAgentCompleted: { code: 'WSDEP409', ...to('`run.complete`') },
} as const satisfies LegacyRows;
