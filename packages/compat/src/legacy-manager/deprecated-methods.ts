import type { CamelCaseMethods } from './legacy-methods.ts';

// Written by scripts/generate.ts from the table of deprecations.

/** The methods of the old manager, in both spellings. */
export interface DeprecatedMethods {
  /** @deprecated WSDEP300: use `manager.attach`. Removed in 2.0.0. */
  addConnection: CamelCaseMethods['addConnection'];
  /** @deprecated WSDEP300: use `manager.attach`. Removed in 2.0.0. */
  add_connection: CamelCaseMethods['addConnection'];
  /** @deprecated WSDEP301: use `manager.attach`. Removed in 2.0.0. */
  connectUser: CamelCaseMethods['connectUser'];
  /** @deprecated WSDEP301: use `manager.attach`. Removed in 2.0.0. */
  connect_user: CamelCaseMethods['connectUser'];
  /** @deprecated WSDEP302: use `manager.attach`. Removed in 2.0.0. */
  addConnectionByUser: CamelCaseMethods['addConnectionByUser'];
  /** @deprecated WSDEP302: use `manager.attach`. Removed in 2.0.0. */
  add_connection_by_user: CamelCaseMethods['addConnectionByUser'];
  /** @deprecated WSDEP303: use `manager.attach`. Removed in 2.0.0. */
  handleConnection: CamelCaseMethods['handleConnection'];
  /** @deprecated WSDEP303: use `manager.attach`. Removed in 2.0.0. */
  handle_connection: CamelCaseMethods['handleConnection'];
  /** @deprecated WSDEP304: use `connection.close`. Removed in 2.0.0. */
  removeConnection: CamelCaseMethods['removeConnection'];
  /** @deprecated WSDEP304: use `connection.close`. Removed in 2.0.0. */
  remove_connection: CamelCaseMethods['removeConnection'];
  /** @deprecated WSDEP305: use `connection.close`. Removed in 2.0.0. */
  disconnectUser: CamelCaseMethods['disconnectUser'];
  /** @deprecated WSDEP305: use `connection.close`. Removed in 2.0.0. */
  disconnect_user: CamelCaseMethods['disconnectUser'];
  /** @deprecated WSDEP306: use `connection.close`. Removed in 2.0.0. */
  removeConnectionByUser: CamelCaseMethods['removeConnectionByUser'];
  /** @deprecated WSDEP306: use `connection.close`. Removed in 2.0.0. */
  remove_connection_by_user: CamelCaseMethods['removeConnectionByUser'];
  /** @deprecated WSDEP307: use `connection.close`. Removed in 2.0.0. */
  handleDisconnection: CamelCaseMethods['handleDisconnection'];
  /** @deprecated WSDEP307: use `connection.close`. Removed in 2.0.0. */
  handle_disconnection: CamelCaseMethods['handleDisconnection'];
  /** @deprecated WSDEP308: use `manager.emit`. Removed in 2.0.0. */
  sendToUser: CamelCaseMethods['sendToUser'];
  /** @deprecated WSDEP308: use `manager.emit`. Removed in 2.0.0. */
  send_to_user: CamelCaseMethods['sendToUser'];
  /** @deprecated WSDEP309: use `manager.emit` with `confirm`. Removed in 2.0.0. */
  sendToUserWithWait: CamelCaseMethods['sendToUserWithWait'];
  /** @deprecated WSDEP309: use `manager.emit` with `confirm`. Removed in 2.0.0. */
  send_to_user_with_wait: CamelCaseMethods['sendToUserWithWait'];
  /** @deprecated WSDEP310: use `manager.emit`. Removed in 2.0.0. */
  sendAgentEvent: CamelCaseMethods['sendAgentEvent'];
  /** @deprecated WSDEP310: use `manager.emit`. Removed in 2.0.0. */
  send_agent_event: CamelCaseMethods['sendAgentEvent'];
  /** @deprecated WSDEP311: use `manager.emit`. Removed in 2.0.0. */
  emitAgentEvent: CamelCaseMethods['emitAgentEvent'];
  /** @deprecated WSDEP311: use `manager.emit`. Removed in 2.0.0. */
  emit_agent_event: CamelCaseMethods['emitAgentEvent'];
  /** @deprecated WSDEP312: use `manager.emit`. Removed in 2.0.0. */
  emitCriticalEvent: CamelCaseMethods['emitCriticalEvent'];
  /** @deprecated WSDEP312: use `manager.emit`. Removed in 2.0.0. */
  emit_critical_event: CamelCaseMethods['emitCriticalEvent'];
  /** @deprecated WSDEP313: use `manager.emit`. Removed in 2.0.0. */
  sendEvent: CamelCaseMethods['sendEvent'];
  /** @deprecated WSDEP313: use `manager.emit`. Removed in 2.0.0. */
  send_event: CamelCaseMethods['sendEvent'];
  /** @deprecated WSDEP314: use `manager.emit`. Removed in 2.0.0. */
  sendMessage: CamelCaseMethods['sendMessage'];
  /** @deprecated WSDEP314: use `manager.emit`. Removed in 2.0.0. */
  send_message: CamelCaseMethods['sendMessage'];
  /** @deprecated WSDEP315: use `manager.emit` with `thread_id`. Removed in 2.0.0. */
  sendToThread: CamelCaseMethods['sendToThread'];
  /** @deprecated WSDEP315: use `manager.emit` with `thread_id`. Removed in 2.0.0. */
  send_to_thread: CamelCaseMethods['sendToThread'];
  /** @deprecated WSDEP316: use `manager.emit`. Removed in 2.0.0. */
  broadcast: CamelCaseMethods['broadcast'];
  /** @deprecated WSDEP317: use `manager.emit`. Removed in 2.0.0. */
  broadcastToAll: CamelCaseMethods['broadcastToAll'];
  /** @deprecated WSDEP317: use `manager.emit`. Removed in 2.0.0. */
  broadcast_to_all: CamelCaseMethods['broadcastToAll'];
  /** @deprecated WSDEP318: use `manager.emit`. Removed in 2.0.0. */
  broadcastMessage: CamelCaseMethods['broadcastMessage'];
  /** @deprecated WSDEP318: use `manager.emit`. Removed in 2.0.0. */
  broadcast_message: CamelCaseMethods['broadcastMessage'];
  /** @deprecated WSDEP319: use `manager.emit`. Removed in 2.0.0. */
  broadcastSystemMessage: CamelCaseMethods['broadcastSystemMessage'];
  /** @deprecated WSDEP319: use `manager.emit`. Removed in 2.0.0. */
  broadcast_system_message: CamelCaseMethods['broadcastSystemMessage'];
  /** @deprecated WSDEP320: use `threads` of the `hello` frame. Removed in 2.0.0. */
  connectToJob: CamelCaseMethods['connectToJob'];
  /** @deprecated WSDEP320: use `threads` of the `hello` frame. Removed in 2.0.0. */
  connect_to_job: CamelCaseMethods['connectToJob'];
  /** @deprecated WSDEP321: use `threads` of the `hello` frame. Removed in 2.0.0. */
  disconnectFromJob: CamelCaseMethods['disconnectFromJob'];
  /** @deprecated WSDEP321: use `threads` of the `hello` frame. Removed in 2.0.0. */
  disconnect_from_job: CamelCaseMethods['disconnectFromJob'];
  /** @deprecated WSDEP322: use `threads` of the `hello` frame. Removed in 2.0.0. */
  updateConnectionThread: CamelCaseMethods['updateConnectionThread'];
  /** @deprecated WSDEP322: use `threads` of the `hello` frame. Removed in 2.0.0. */
  update_connection_thread: CamelCaseMethods['updateConnectionThread'];
  /** @deprecated WSDEP323: use `manager.connections`. Removed in 2.0.0. */
  getConnection: CamelCaseMethods['getConnection'];
  /** @deprecated WSDEP323: use `manager.connections`. Removed in 2.0.0. */
  get_connection: CamelCaseMethods['getConnection'];
  /** @deprecated WSDEP324: use `manager.connections`. Removed in 2.0.0. */
  getUserConnections: CamelCaseMethods['getUserConnections'];
  /** @deprecated WSDEP324: use `manager.connections`. Removed in 2.0.0. */
  get_user_connections: CamelCaseMethods['getUserConnections'];
  /** @deprecated WSDEP325: use `manager.connections`. Removed in 2.0.0. */
  getConnectionCount: CamelCaseMethods['getConnectionCount'];
  /** @deprecated WSDEP325: use `manager.connections`. Removed in 2.0.0. */
  get_connection_count: CamelCaseMethods['getConnectionCount'];
  /** @deprecated WSDEP326: use `manager.connections`. Removed in 2.0.0. */
  isConnectionActive: CamelCaseMethods['isConnectionActive'];
  /** @deprecated WSDEP326: use `manager.connections`. Removed in 2.0.0. */
  is_connection_active: CamelCaseMethods['isConnectionActive'];
  /** @deprecated WSDEP327: use `manager.connections`. Removed in 2.0.0. */
  isUserConnected: CamelCaseMethods['isUserConnected'];
  /** @deprecated WSDEP327: use `manager.connections`. Removed in 2.0.0. */
  is_user_connected: CamelCaseMethods['isUserConnected'];
  /** @deprecated WSDEP328: use `manager.connections`. Removed in 2.0.0. */
  getConnectionHealth: CamelCaseMethods['getConnectionHealth'];
  /** @deprecated WSDEP328: use `manager.connections`. Removed in 2.0.0. */
  get_connection_health: CamelCaseMethods['getConnectionHealth'];
  /** @deprecated WSDEP329: use `manager.connections`. Removed in 2.0.0. */
  getConnectionIdByWebsocket: CamelCaseMethods['getConnectionIdByWebsocket'];
  /** @deprecated WSDEP329: use `manager.connections`. Removed in 2.0.0. */
  get_connection_id_by_websocket: CamelCaseMethods['getConnectionIdByWebsocket'];
  /** @deprecated WSDEP330: use `hub.stats()`. Removed in 2.0.0. */
  getStats: CamelCaseMethods['getStats'];
  /** @deprecated WSDEP330: use `hub.stats()`. Removed in 2.0.0. */
  get_stats: CamelCaseMethods['getStats'];
  /** @deprecated WSDEP331: use `hub.stats()`. Removed in 2.0.0. */
  getConnectionStats: CamelCaseMethods['getConnectionStats'];
  /** @deprecated WSDEP331: use `hub.stats()`. Removed in 2.0.0. */
  get_connection_stats: CamelCaseMethods['getConnectionStats'];
  /** @deprecated WSDEP332: use `hub.stats()`. Removed in 2.0.0. */
  getErrorStatistics: CamelCaseMethods['getErrorStatistics'];
  /** @deprecated WSDEP332: use `hub.stats()`. Removed in 2.0.0. */
  get_error_statistics: CamelCaseMethods['getErrorStatistics'];
  /** @deprecated WSDEP333: use `hub.health()`. Removed in 2.0.0. */
  getHealthStatus: CamelCaseMethods['getHealthStatus'];
  /** @deprecated WSDEP333: use `hub.health()`. Removed in 2.0.0. */
  get_health_status: CamelCaseMethods['getHealthStatus'];
  /** @deprecated WSDEP334: use `hub.stats()`. Removed in 2.0.0. */
  getContaminationStats: CamelCaseMethods['getContaminationStats'];
  /** @deprecated WSDEP334: use `hub.stats()`. Removed in 2.0.0. */
  get_contamination_stats: CamelCaseMethods['getContaminationStats'];
  /** @deprecated WSDEP335: use resume from the log. Removed in 2.0.0. */
  processRecoveryQueue: CamelCaseMethods['processRecoveryQueue'];
  /** @deprecated WSDEP335: use resume from the log. Removed in 2.0.0. */
  process_recovery_queue: CamelCaseMethods['processRecoveryQueue'];
  /** @deprecated WSDEP336: use resume from the log. Removed in 2.0.0. */
  attemptMessageRecovery: CamelCaseMethods['attemptMessageRecovery'];
  /** @deprecated WSDEP336: use resume from the log. Removed in 2.0.0. */
  attempt_message_recovery: CamelCaseMethods['attemptMessageRecovery'];
  /** @deprecated WSDEP337: use resume from the log. Removed in 2.0.0. */
  cleanupErrorData: CamelCaseMethods['cleanupErrorData'];
  /** @deprecated WSDEP337: use resume from the log. Removed in 2.0.0. */
  cleanup_error_data: CamelCaseMethods['cleanupErrorData'];
  /** @deprecated WSDEP338: use resume from the log. Removed in 2.0.0. */
  detectQueueOverflow: CamelCaseMethods['detectQueueOverflow'];
  /** @deprecated WSDEP338: use resume from the log. Removed in 2.0.0. */
  detect_queue_overflow: CamelCaseMethods['detectQueueOverflow'];
  /** @deprecated WSDEP339: use `manager.emit` after the commit. Removed in 2.0.0. */
  sendEventAfterCommit: CamelCaseMethods['sendEventAfterCommit'];
  /** @deprecated WSDEP339: use `manager.emit` after the commit. Removed in 2.0.0. */
  send_event_after_commit: CamelCaseMethods['sendEventAfterCommit'];
  /** @deprecated WSDEP340: use `manager.emit` after the commit. Removed in 2.0.0. */
  setTransactionCoordinator: CamelCaseMethods['setTransactionCoordinator'];
  /** @deprecated WSDEP340: use `manager.emit` after the commit. Removed in 2.0.0. */
  set_transaction_coordinator: CamelCaseMethods['setTransactionCoordinator'];
  /** @deprecated WSDEP341: use `manager.emit` after the commit. Removed in 2.0.0. */
  isCoordinationEnabled: CamelCaseMethods['isCoordinationEnabled'];
  /** @deprecated WSDEP341: use `manager.emit` after the commit. Removed in 2.0.0. */
  is_coordination_enabled: CamelCaseMethods['isCoordinationEnabled'];
  /** @deprecated WSDEP342: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  startMonitoredBackgroundTask: CamelCaseMethods['startMonitoredBackgroundTask'];
  /** @deprecated WSDEP342: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  start_monitored_background_task: CamelCaseMethods['startMonitoredBackgroundTask'];
  /** @deprecated WSDEP343: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  stopBackgroundTask: CamelCaseMethods['stopBackgroundTask'];
  /** @deprecated WSDEP343: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  stop_background_task: CamelCaseMethods['stopBackgroundTask'];
  /** @deprecated WSDEP344: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  getBackgroundTaskStatus: CamelCaseMethods['getBackgroundTaskStatus'];
  /** @deprecated WSDEP344: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  get_background_task_status: CamelCaseMethods['getBackgroundTaskStatus'];
  /** @deprecated WSDEP345: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  enableBackgroundMonitoring: CamelCaseMethods['enableBackgroundMonitoring'];
  /** @deprecated WSDEP345: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  enable_background_monitoring: CamelCaseMethods['enableBackgroundMonitoring'];
  /** @deprecated WSDEP346: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  restartBackgroundMonitoring: CamelCaseMethods['restartBackgroundMonitoring'];
  /** @deprecated WSDEP346: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  restart_background_monitoring: CamelCaseMethods['restartBackgroundMonitoring'];
  /** @deprecated WSDEP347: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  shutdownBackgroundMonitoring: CamelCaseMethods['shutdownBackgroundMonitoring'];
  /** @deprecated WSDEP347: use a task of your own, with an `AbortSignal`. Removed in 2.0.0. */
  shutdown_background_monitoring: CamelCaseMethods['shutdownBackgroundMonitoring'];
  /** @deprecated WSDEP348: use the `ack` frame of the client. Removed in 2.0.0. */
  handleEventConfirmation: CamelCaseMethods['handleEventConfirmation'];
  /** @deprecated WSDEP348: use the `ack` frame of the client. Removed in 2.0.0. */
  handle_event_confirmation: CamelCaseMethods['handleEventConfirmation'];
  /** @deprecated WSDEP349: use the frames of a session. Removed in 2.0.0. */
  processIncomingMessage: CamelCaseMethods['processIncomingMessage'];
  /** @deprecated WSDEP349: use the frames of a session. Removed in 2.0.0. */
  process_incoming_message: CamelCaseMethods['processIncomingMessage'];
  /** @deprecated WSDEP350: use the frames of a session. Removed in 2.0.0. */
  handleMessage: CamelCaseMethods['handleMessage'];
  /** @deprecated WSDEP350: use the frames of a session. Removed in 2.0.0. */
  handle_message: CamelCaseMethods['handleMessage'];
  /** @deprecated WSDEP351: use `hub.drain()`. Removed in 2.0.0. */
  shutdown: CamelCaseMethods['shutdown'];
}
