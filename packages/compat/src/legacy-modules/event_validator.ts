// What the module `event_validator` of the first system exported.
export { AgentEventValidator, UnifiedEventValidator, WebSocketEventValidator } from '../messages/event-validator.ts';
