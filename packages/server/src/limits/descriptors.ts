import { existsSync, readFileSync } from 'node:fs';

/** What the descriptors of this process are for: a socket is one, and so is a file that is being sent. */
export interface DescriptorRoom {
  /** Open sockets of clients, WebSockets among them. */
  readonly sockets: number;
  /** Connections (WebSockets, event streams): fewer than sockets, so that publishers and health checks are answered beside them. */
  readonly connections: number;
  /** Files that are sent at a time. */
  readonly files: number;
}

/** Descriptors of the rest of the service: of the log, of keys, of connections to other services. */
const RESERVED = 100;

/** Sockets for HTTP beside those of connections: for health checks, publishers and refusals when these are all taken. */
const HTTP_SOCKETS = 1_000;

/** Files that are sent at a time: a file is read in a few threads that all of them share. */
const FILES = 64;

/** On Linux; elsewhere a report of Node, which takes longer to make, says the same. */
const LIMITS_FILE = '/proc/self/limits';

/**
 * Room for as many connections as are wanted, with sockets for HTTP beside them, or for as many of both as the operating system allows.
 * Past its limit a process can neither accept a connection nor open a file, its log included.
 *
 * @param allowed - descriptors of the process
 */
export function descriptorRoom(wantedConnections: number, allowed = openFileLimit()): DescriptorRoom {
  const files = Math.min(FILES, Math.floor(allowed / 8));
  const most = Math.max(allowed - RESERVED - files, Math.floor(allowed / 2));
  const sockets = Math.min(wantedConnections + HTTP_SOCKETS, most);
  const forHttp = Math.min(HTTP_SOCKETS, Math.ceil(sockets / 4));
  return { sockets, connections: Math.min(wantedConnections, sockets - forHttp), files };
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
