import type { UnifiedWebSocketManager } from '@ws/core';
import type { DeprecatedMethods } from './deprecated-methods.ts';

/** A manager with the methods of the old one, in both spellings. It is the canonical manager itself, not one around it. */
export type LegacyManager = UnifiedWebSocketManager & DeprecatedMethods;
