export { FakeClock } from './testing/fake-clock.ts';
export { FakeSocket } from './testing/fake-socket.ts';
export { countingIds } from './testing/counting-ids.ts';
export type { Clock, Timer } from './clock.ts';
export type { IdSource } from './random.ts';
