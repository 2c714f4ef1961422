/** What lines begin with that the process of a host says to the tests: a framework may say other things. */
export const SAID = 'host: ';

/** What the server of each host is made with. */
export const KEY = 'key-of-the-publishers-in-tests-0123456789';
export const HEARTBEAT_MS = 4_000;
export const BUDGET_BYTES = 200_000;
export const CONNECTIONS_PER_ADDRESS = 24;
