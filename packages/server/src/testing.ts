// For the tests of an application: a server without a port, and time that is moved by hand.
export { TestClock } from './testing/test-clock.ts';
export {
  createTestServer,
  type TestClientOptions,
  type TestServer,
  type TestServerOptions,
  type TestUser,
  type TestWebSocket,
} from './testing/test-server.ts';
