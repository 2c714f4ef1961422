import { WebSocketError } from '@ws/types';
import { createHub, type Hub } from './hub/hub.ts';

/** Written in by the build, from package.json. */
declare const PACKAGE_VERSION: string | undefined;

/** The version of this copy of the package. Sources have the version that nothing was released as. */
const VERSION = typeof PACKAGE_VERSION === 'string' ? PACKAGE_VERSION : '0.0.0';

/** What the copies of this package in a process share. Its fields keep their meaning in every version that {@link fits}. */
interface DefaultHub {
  /** Version of the copy that came first. */
  readonly version: string;
  /** The hub that was set, or opened by the first call without one. */
  hub: Hub | undefined;
  wasSet: boolean;
  /** Hubs of servers, each until its server is closed. */
  readonly offered: Set<Hub>;
}

/**
 * A process may hold several copies of this package: bundled into two parts of an application, installed twice, or loaded again by a
 * development server. A variable of the module would give each copy a hub of its own, and events that one emits would reach no
 * connection of the other. Symbols of this registry are the same for every copy in the realm.
 */
const KEY = Symbol.for('@ws/core:default-hub');

function shared(): DefaultHub {
  const realm = globalThis as { [KEY]?: DefaultHub };
  const found = (realm[KEY] ??= { version: VERSION, hub: undefined, wasSet: false, offered: new Set() });
  if (found.version !== VERSION && !fits(found.version, VERSION)) {
    throw new WebSocketError(
      'INVALID_OPTION',
      `this process has loaded @ws/core ${found.version} and @ws/core ${VERSION}, which cannot share a hub: install one version (npm ls @ws/core shows who needs which)`,
    );
  }
  return found;
}

/** The versions that `^` takes for each other: the same major, or before 1.0.0 the same minor. */
function fits(one: string, other: string): boolean {
  const line = (version: string): string => /^(0\.\d+|\d+)/.exec(version)?.[0] ?? version;
  return line(one) === line(other);
}

/** As {@link shared}, without hubs that were closed: the application may close the hub of a server, or the one that it set. */
function withoutClosed(): DefaultHub {
  const found = shared();
  if (found.hub?.closed === true) found.hub = undefined;
  for (const hub of found.offered) if (hub.closed) found.offered.delete(hub);
  return found;
}

/** The hub of calls that name none. Opens one in memory where there is none. */
export function defaultHub(): Hub {
  const found = withoutClosed();
  if (found.hub !== undefined) return found.hub;
  const [server, another] = found.offered;
  if (another !== undefined) {
    throw new WebSocketError(
      'INVALID_OPTION',
      `this process has ${found.offered.size} servers, so getWebSocketManager needs a hub: pass server.hub, or choose one with setDefaultHub`,
    );
  }
  if (server !== undefined) return server;
  if (found.wasSet) {
    // One in memory would take events that no client sees.
    throw new WebSocketError(
      'HUB_CLOSED',
      'the hub that was set with setDefaultHub is closed: set another one, or pass a hub to getWebSocketManager',
    );
  }
  return (found.hub = createHub());
}

/**
 * Makes `hub` the one that {@link getWebSocketManager} uses when it is given none. Call it once, at start. It holds for every copy of this
 * package in the process. When the hub is closed, another one can be set.
 *
 * @throws `INVALID_OPTION` if a default hub is in use already: managers of two hubs for one user would not know each other
 */
export function setDefaultHub(hub: Hub): void {
  const found = withoutClosed();
  if (found.hub !== undefined && found.hub !== hub) {
    throw new WebSocketError(
      'INVALID_OPTION',
      'the default hub is in use already: set it once, before the first manager',
    );
  }
  found.hub = hub;
  found.wasSet = true;
}

/** What became of a hub that was offered as the default one. */
export interface DefaultHubOffer {
  /** Calls that name no hub have opened one in memory before, and go on using that. */
  readonly cameLate: boolean;
  /** The hub is about to close: it is the default no longer. */
  withdraw(): void;
}

/**
 * Offers the hub of a server as the one that {@link getWebSocketManager} uses when it is given none. {@link setDefaultHub} comes before it,
 * and of two offers neither is taken. `createServer` of `@ws/server` calls it.
 *
 * @throws `INVALID_OPTION` if another version of this package holds the default hub of the process
 */
export function offerDefaultHub(hub: Hub): DefaultHubOffer {
  const { offered, hub: current, wasSet } = withoutClosed();
  offered.add(hub);
  return { cameLate: current !== undefined && !wasSet, withdraw: () => void offered.delete(hub) };
}
