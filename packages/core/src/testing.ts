export { FakeClock } from './testing/fake-clock.ts';
export { FakeSocket } from './testing/fake-socket.ts';
export { countingIds } from './testing/counting-ids.ts';
