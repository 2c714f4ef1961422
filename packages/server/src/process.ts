// For a process that is a server and nothing else: what it reads, logs and measures around `createServer`.
export { DEVELOPMENT_API_KEY } from './auth/development-caller.ts';
export { JWT_ALGORITHMS } from './auth/jwt.ts';
export { MIN_SECRET_LENGTH, weaknessOf } from './auth/secret-strength.ts';
export { isAddressRange } from './http/client-address.ts';
export { requestLimits, type RequestLimits } from './limits/server-limits.ts';
export { descriptorRoom, type DescriptorRoom } from './limits/descriptors.ts';
export { Places } from './limits/places.ts';
export { traceDeliveries } from './observe/delivery-spans.ts';
export { logDiagnostics } from './observe/log-lines.ts';
export { LOG_LEVELS, type LogLevel } from './observe/log-level.ts';
export { createLogger } from './observe/logger.ts';
export { isOriginPattern } from './websocket/origin-check.ts';
