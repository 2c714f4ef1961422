// The service's settings on a server that is attached to an application's: started by `Target`, in a process of its own.
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer } from '@ws/server';
import { createLogger } from '@ws/server/process';
import { openLog } from '../../../src/open-log.ts';
import { serverOptions } from '../../../src/service.ts';
import { readSettings } from '../../../src/settings/index.ts';

const settings = readSettings(process.env);
const server = await createServer({
  ...serverOptions({ settings }),
  logger: createLogger(settings.logLevel),
  log: await openLog(settings.log),
  onUserMessage: async ({ text, threadId, runId, manager }) => {
    await using run = await manager.startRun({ agentName: 'echo', threadId, runId });
    await run.complete({ finalResponse: text });
  },
});
// As an application makes it that knows nothing of this: with the defaults of Node.
const httpServer = createHttpServer((_request, response) => response.writeHead(404).end('the application'));
await server.attach(httpServer, { path: '/ws', basePath: '/' });
httpServer.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(httpServer.address() as AddressInfo).port}`);
});
