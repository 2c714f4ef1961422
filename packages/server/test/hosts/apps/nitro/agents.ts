import { openServer } from '../../open-server.ts';

export const server = await openServer();
// For the program that tries the contract.
Object.assign(globalThis, { [Symbol.for('hosts:server')]: server });
