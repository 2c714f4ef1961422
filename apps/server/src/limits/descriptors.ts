import { existsSync, readFileSync } from 'node:fs';
import type { Lasting } from './address-count.ts';

/** Descriptors that are no socket of a client and no file sent to one: of the log, of keys, of connections to other services. */
const RESERVED = 100;

/** Sockets for HTTP beside those of connections: for health checks, publishers and refusals when these are all taken. */
const HTTP_SOCKETS = 1_000;

/** Past so much of all descriptors no file is opened any more. */
const SHARE_WITH_FILES = 0.8;

/** On Linux; elsewhere a report of Node, which takes longer to make, says the same. */
const LIMITS_FILE = '/proc/self/limits';

/** The descriptors that clients may take in this process: a socket is one, and so is a file that is being sent. */
export class Descriptors {
  readonly limit: number;
  #open = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Counts a socket until it is closed. Answers `false`, and counts nothing, where there are as many as there may be. */
  enter(socket: Lasting): boolean {
    return this.#enter(socket, this.limit);
  }

  /** As {@link enter} for a file, open until the answer is sent: files leave room for sockets, on which more is asked than for files. */
  open(answer: Lasting): boolean {
    return this.#enter(answer, Math.floor(this.limit * SHARE_WITH_FILES));
  }

  #enter(lasting: Lasting, limit: number): boolean {
    if (this.#open >= limit) return false;
    this.#open += 1;
    lasting.on('close', this.#left);
    return true;
  }

  readonly #left = (): void => {
    this.#open -= 1;
  };
}

/**
 * What the operating system allows this process for clients, less what the rest of the service needs. Past its limit a process can
 * neither accept a connection nor open a file, its log included.
 */
export function descriptorsForClients(allowed = openFileLimit()): Descriptors {
  return new Descriptors(Math.max(allowed - RESERVED, Math.floor(allowed / 2)));
}

export interface SocketRoom {
  /** Open sockets, WebSockets among them. */
  readonly sockets: number;
  /** Connections (WebSockets, event streams): fewer than sockets, so that publishers and health checks are answered beside them. */
  readonly connections: number;
}

/** As many connections as are wanted, with sockets for HTTP beside them, or as many of both as there are descriptors. */
export function socketRoom(wantedConnections: number, descriptors: number): SocketRoom {
  const sockets = Math.min(wantedConnections + HTTP_SOCKETS, descriptors);
  const forHttp = Math.min(HTTP_SOCKETS, Math.ceil(sockets / 4));
  return { sockets, connections: Math.min(wantedConnections, sockets - forHttp) };
}

/** What `ulimit -n` says. Node has raised it to the hard limit when it started. */
function openFileLimit(): number {
  if (existsSync(LIMITS_FILE)) {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync(LIMITS_FILE, 'utf8'))?.[1];
    return soft === undefined ? Infinity : Number(soft);
  }
  const { userLimits } = process.report.getReport() as LimitsReport;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Infinity;
}

/** What is looked at in a report of Node; a limit is a number, or `unlimited`. Windows has none. */
interface LimitsReport {
  readonly userLimits?: { readonly open_files?: { readonly soft?: number | string } };
}
