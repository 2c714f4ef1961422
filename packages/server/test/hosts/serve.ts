// `node --conditions=@ws/source packages/server/test/hosts/serve.ts RECIPE PORT [ATTACHED]`, or with Bun or Deno: serves a recipe
// (`recipes/express`, `apps/next/server`), with these options of `attach` as JSON, and does what the lines on standard input say:
// `stats`, `drain`.
import { createInterface } from 'node:readline';
import type { AttachOptions, Server } from '@ws/server';
import { SAID } from './contract.ts';
import { openServer } from './open-server.ts';

const [recipe = '', port = '', attached] = process.argv.slice(2);
// What runs is what the documentation shows.
const { start } = (await import(`./${recipe}.ts`)) as {
  readonly start: (server: Server, port: number, attached?: AttachOptions) => Promise<Server | void>;
};
const given = await openServer();
const options = attached === undefined ? undefined : (JSON.parse(attached) as AttachOptions);
const server = (await start(given, Number(port), options)) ?? given;
say('ready');

createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'drain') void server.close({ deadlineMs: 3_000 }).then(() => say('closed'));
  if (line === 'stats') say(JSON.stringify(server.hub.inspect().totals));
});

function say(line: string): void {
  console.log(SAID + line);
}
