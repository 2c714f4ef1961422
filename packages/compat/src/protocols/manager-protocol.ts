import { UnifiedWebSocketManager } from '@ws/core';
import { noteUse } from '../deprecated-use.ts';
import { adaptManager } from '../legacy-manager/adapt-manager.ts';
import type { LegacyManager } from '../legacy-manager/legacy-manager.ts';
import { rememberManager } from '../registry/given-managers.ts';
import { LEGACY_METHODS } from '../table/legacy-methods.ts';

/** @deprecated WSDEP200: use the type `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManagerProtocol = LegacyManager;
/** @deprecated WSDEP201: use the type `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketManagerInterface = LegacyManager;
/** @deprecated WSDEP202: use the type `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export type WebSocketProtocol = LegacyManager;

/** What an object lacks to be a manager. */
export interface ProtocolVerdict {
  readonly compliant: boolean;
  readonly missing: readonly string[];
}

/** @deprecated WSDEP057: use the type `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export class WebSocketManagerProtocolValidator {
  /** Compares an object with the canonical class. */
  static validate(this: void, manager: unknown): ProtocolVerdict {
    noteUse('WebSocketManagerProtocolValidator', WebSocketManagerProtocolValidator.validate);
    const missing = members().filter((name) => typeof manager !== 'object' || manager === null || !(name in manager));
    return { compliant: missing.length === 0, missing };
  }
}

/** @deprecated WSDEP058: use the type `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0. */
export function getProtocolDocumentation(): string {
  noteUse('getProtocolDocumentation', getProtocolDocumentation);
  const legacy = Object.entries(LEGACY_METHODS).map(([name, { replacement }]) => `- ${name}: now ${replacement}`);
  return ['A manager has:', ...members().map((name) => `- ${name}`), '', 'Legacy methods:', ...legacy].join('\n');
}

/**
 * Gives a manager the methods of the old one. It stays the same object.
 * @deprecated WSDEP059: use the type `UnifiedWebSocketManager` of `@ws/core`. Removed in 2.0.0.
 */
export function adaptManagerForLegacyCode(manager: UnifiedWebSocketManager): LegacyManager {
  noteUse('adaptManagerForLegacyCode', adaptManagerForLegacyCode);
  rememberManager(manager);
  return adaptManager(manager);
}

function members(): readonly string[] {
  return Object.getOwnPropertyNames(UnifiedWebSocketManager.prototype).filter((name) => name !== 'constructor');
}
