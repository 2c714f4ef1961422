import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import type { MemoryFigures } from './memory-probe.ts';

const PROBE = fileURLToPath(new URL('memory-probe.ts', import.meta.url));
// Compiled code that V8 throws away when it was idle for a while would count as memory that the hub gave back.
const FLAGS = ['--expose-gc', '--no-flush-bytecode', '--conditions=@ws/source'];

/** `WS_MEMORY_USERS=1000000 npx vitest run --project core hub/memory` has a million of them come and go. */
const USERS = Number(process.env['WS_MEMORY_USERS'] ?? 20_000);
/**
 * For 20,000 users 50 bytes each: less than one entry of a map or set with its key. With more of them the one table that is kept on
 * purpose is full, too: the last 10,000 messages that were answered, which take a megabyte.
 */
const ALLOWED_GROWTH_MB = USERS > 20_000 ? 2 : 1;

it(`lets go of users that came and went (${USERS})`, { timeout: 120_000 + USERS * 5 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [...FLAGS, PROBE, String(USERS)]);
  const figures = JSON.parse(stdout) as MemoryFigures;

  expect(figures.errors).toEqual([]);
  expect(figures.users).toBe(USERS);
  // Every published run without an end was ended by its lease: that much was going on.
  expect(figures.interrupted).toBeGreaterThanOrEqual(USERS / 10);
  expect(figures.appended).toBeGreaterThanOrEqual(USERS * 5);
  // What stays followed is the stream of revocations.
  expect(figures.left).toEqual({ streams: 0, connections: 0, followed: 1, leases: 0 });
  // The measure sees a thousand users that are there, so it would see what so many leave behind.
  expect(figures.heldMb - figures.beforeMb).toBeGreaterThan(2);
  expect(figures.afterMb - figures.beforeMb).toBeLessThan(ALLOWED_GROWTH_MB);
});
