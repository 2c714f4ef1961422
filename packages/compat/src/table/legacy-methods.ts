import type { LegacyRows } from './legacy-row.ts';

const to = <const Text extends string>(replacement: Text) => ({ kind: 'method', modules: [], replacement }) as const;
const attach = to('`manager.attach`');
const close = to('`connection.close`');
const emit = to('`manager.emit`');
const own = {
  ...emit,
  note: 'It reaches the connections of this user; an event for all users is emitted to each of their managers.',
} as const;
const thread = to('`threads` of the `hello` frame');
const connections = to('`manager.connections`');
const stats = to('`hub.stats()`');
const health = to('`hub.health()`');
const nothing = { ...to('resume from the log'), note: 'There is nothing left to do: it returns zero work.' } as const;
const commit = to('`manager.emit` after the commit');
const task = {
  ...to('a task of your own, with an `AbortSignal`'),
  note: 'Background tasks are not the work of a connection manager: it throws.',
} as const;
const inbound = to('the frames of a session');

/** Methods of the old manager, in camelCase; the original snake_case spelling of each is there, too. */
export const LEGACY_METHODS = {
  addConnection: { code: 'WSDEP300', ...attach },
  connectUser: { code: 'WSDEP301', ...attach },
  addConnectionByUser: { code: 'WSDEP302', ...attach },
  handleConnection: { code: 'WSDEP303', ...attach },
  removeConnection: { code: 'WSDEP304', ...close },
  disconnectUser: { code: 'WSDEP305', ...close },
  removeConnectionByUser: { code: 'WSDEP306', ...close },
  handleDisconnection: { code: 'WSDEP307', ...close },
  sendToUser: { code: 'WSDEP308', ...emit },
  sendToUserWithWait: { code: 'WSDEP309', ...to('`manager.emit` with `confirm`') },
  sendAgentEvent: { code: 'WSDEP310', ...emit },
  emitAgentEvent: { code: 'WSDEP311', ...emit },
  emitCriticalEvent: { code: 'WSDEP312', ...emit },
  sendEvent: { code: 'WSDEP313', ...emit },
  sendMessage: { code: 'WSDEP314', ...emit },
  sendToThread: { code: 'WSDEP315', ...to('`manager.emit` with `thread_id`') },
  broadcast: { code: 'WSDEP316', ...own },
  broadcastToAll: { code: 'WSDEP317', ...own },
  broadcastMessage: { code: 'WSDEP318', ...own },
  broadcastSystemMessage: { code: 'WSDEP319', ...own },
  connectToJob: { code: 'WSDEP320', ...thread },
  disconnectFromJob: { code: 'WSDEP321', ...thread },
  updateConnectionThread: { code: 'WSDEP322', ...thread },
  getConnection: { code: 'WSDEP323', ...connections },
  getUserConnections: { code: 'WSDEP324', ...connections },
  getConnectionCount: { code: 'WSDEP325', ...connections },
  isConnectionActive: { code: 'WSDEP326', ...connections },
  isUserConnected: { code: 'WSDEP327', ...connections },
  getConnectionHealth: { code: 'WSDEP328', ...connections },
  getConnectionIdByWebsocket: { code: 'WSDEP329', ...connections },
  getStats: { code: 'WSDEP330', ...stats },
  getConnectionStats: { code: 'WSDEP331', ...stats },
  getErrorStatistics: { code: 'WSDEP332', ...stats },
  getHealthStatus: { code: 'WSDEP333', ...health },
  getContaminationStats: { code: 'WSDEP334', ...stats },
  processRecoveryQueue: { code: 'WSDEP335', ...nothing },
  attemptMessageRecovery: { code: 'WSDEP336', ...nothing },
  cleanupErrorData: { code: 'WSDEP337', ...nothing },
  detectQueueOverflow: { code: 'WSDEP338', ...nothing },
  sendEventAfterCommit: { code: 'WSDEP339', ...commit },
  setTransactionCoordinator: { code: 'WSDEP340', ...commit },
  isCoordinationEnabled: { code: 'WSDEP341', ...commit },
  startMonitoredBackgroundTask: { code: 'WSDEP342', ...task },
  stopBackgroundTask: { code: 'WSDEP343', ...task },
  getBackgroundTaskStatus: { code: 'WSDEP344', ...task },
  enableBackgroundMonitoring: { code: 'WSDEP345', ...task },
  restartBackgroundMonitoring: { code: 'WSDEP346', ...task },
  shutdownBackgroundMonitoring: { code: 'WSDEP347', ...task },
  handleEventConfirmation: { code: 'WSDEP348', ...to('the `ack` frame of the client') },
  processIncomingMessage: { code: 'WSDEP349', ...inbound },
  handleMessage: { code: 'WSDEP350', ...inbound },
  shutdown: {
    code: 'WSDEP351',
    ...to('`hub.drain()`'),
    note: 'It closes the connections of this user; the process goes away with `hub.drain()`.',
  },
} as const satisfies LegacyRows;
