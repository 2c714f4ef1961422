import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { createClient, type Client } from '../packages/client/src/index.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket, type ClientOptions } from 'ws';
import { CHROMIUM, isSkipped } from '../e2e/page/support/places.ts';
import { MemoryEventLog } from '../packages/core/src/index.ts';
import { NATS } from '../packages/nats/test/support/nats-program.ts';
import { NatsServer } from '../packages/nats/test/support/nats-server.ts';
import { REDIS } from '../packages/redis/test/support/redis-program.ts';
import { RedisServer } from '../packages/redis/test/support/redis-server.ts';
import { createServer } from '../packages/server/src/index.ts';
import { freePort } from '../packages/test-support/src/index.ts';
import { publicPackages } from '../scripts/public-packages.mjs';
import { root } from '../scripts/workspace.mjs';
import { makeFolder, type Folder } from './support/folder.ts';
import { installReadmeProjects, type ReadmeProject } from './support/readme-projects.ts';
import { openPage } from './support/visit-page.ts';

// Each package as somebody meets it who has its README and nothing else: a project in an empty folder installs what the README says to
// install, from the tarballs that would be published, and does what its first example says. The code is taken from the README.

let folder: Folder | undefined;
let projects: ReadonlyMap<string, ReadmeProject> = new Map();

beforeAll(async () => {
  folder = makeFolder('ws-readmes-');
  projects = await installReadmeProjects(folder.path, publicPackages());
});
afterAll(() => folder?.remove());

/** The project of a package, with the first example of its README in `file`. */
function follow(name: string, file: string, edit: (code: string) => string = (code) => code): ReadmeProject {
  const project = projects.get(name);
  if (project === undefined) throw new Error(`there is no project for ${name}`);
  project.write(file, edit(project.readme.first.code));
  return project;
}

/** Runs the first example of a README and returns the lines that it printed. */
async function linesOf(name: string, edit?: (code: string) => string): Promise<readonly string[]> {
  const project = follow(name, 'example.ts', edit);
  await project.typeCheck('example.ts');
  return (await project.node('example.ts')).trim().split('\n');
}

const TRIED = [
  ...['@ws/cli', '@ws/client', '@ws/compat', '@ws/conformance', '@ws/core', '@ws/eslint-plugin', '@ws/nats'],
  ...['@ws/react', '@ws/redis', '@ws/server', '@ws/sqlite', '@ws/types'],
];

it('tries every package that is published', () => {
  // A new package gets a test below.
  expect(publicPackages().map(({ name }) => name)).toEqual(TRIED);
});

describe('with its README alone', () => {
  it('@ws/types checks what comes from outside', async () => {
    expect(await linesOf('@ws/types')).toEqual([
      'ping',
      'true',
      expect.stringMatching(/^UNKNOWN_EVENT_TYPE .*agent_started/),
    ]);
  });

  it('@ws/core puts a run in order into the log of its user', async () => {
    const lines = await linesOf('@ws/core');
    expect(lines.filter((line) => /^\d/.test(line)).map((line) => line.replace(/ \{.*/, ''))).toEqual([
      '1 agent_started',
      '2 agent_thinking',
      '3 tool_executing',
      '4 tool_completed',
      '5 agent_response_chunk',
      '6 agent_completed',
    ]);
  });

  it('@ws/client asks and shows the answer', async () => {
    await using server = await echoServer();
    const lines = await linesOf('@ws/client', (code) => code.replaceAll(ADDRESS, server.url));
    expect(lines).toEqual(['uses echo', 'says You said: hello', 'ends completed']);
  });

  it.skipIf(isSkipped)('@ws/react shows the answer in a page', async () => {
    await using server = await echoServer();
    const project = follow('@ws/react', 'main.tsx', (code) => code.replaceAll(ADDRESS, server.url));
    await project.typeCheck('main.tsx');
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: { jsx: 'react-jsx' } }));
    project.write('index.html', '<div id="root"></div><script type="module" src="/main.tsx"></script>');
    await project.node(resolve(root, 'apps/demo/node_modules/vite/bin/vite.js'), 'build');
    const answers = await openPage(CHROMIUM ?? '', join(project.folder, 'dist'), async (page, url) => {
      await page.goto(url);
      await page.getByText('Ask').click();
      await page.getByText('echo: You said: hello').waitFor({ timeout: 20_000 });
      // What was answered before is there again after a reload.
      await page.reload();
      await page.getByText('echo: You said: hello').waitFor({ timeout: 20_000 });
      return page.locator('main p').count();
    });
    expect(answers).toBe(1);
  });

  it('@ws/sqlite keeps what a program emitted for its next run', async () => {
    expect(await linesOf('@ws/sqlite')).toEqual(['1 agent_started', '2 agent_completed']);
    expect((await linesOf('@ws/sqlite')).slice(2)).toEqual(['3 agent_started', '4 agent_completed']);
  });

  it.skipIf(REDIS.isSkipped)('@ws/redis keeps events in a Redis', async () => {
    const redis = await RedisServer.start();
    try {
      const lines = await linesOf('@ws/redis', (code) => code.replace('redis://localhost:6379', redis.url));
      expect(lines).toEqual(['1 agent_started', '2 agent_completed']);
    } finally {
      await redis.stop();
    }
  });

  it.skipIf(NATS.isSkipped)('@ws/nats keeps events in a NATS server', async () => {
    const nats = await NatsServer.start();
    try {
      const lines = await linesOf('@ws/nats', (code) => code.replace('nats://localhost:4222', nats.url));
      // Its offsets have holes.
      expect(lines.map((line) => line.replace(/^\d+ /, ''))).toEqual(['agent_started', 'agent_completed']);
    } finally {
      await nats.stop();
    }
  });

  it('@ws/server answers a user who signed in', async () => {
    const port = await freePort();
    const project = follow('@ws/server', 'example.ts', (code) => code.replace('8080', String(port)));
    await project.typeCheck('example.ts');
    await using server = project.start(process.execPath, 'example.ts');
    await server.printed(`WebSockets at http://127.0.0.1:${port}/ws`);
    const signedIn = { headers: { cookie: 'session=1' } };
    expect(await answerOf(`ws://127.0.0.1:${port}/ws`, signedIn)).toBe('You said: hello');
    await expect(answerOf(`ws://127.0.0.1:${port}/ws`, {})).rejects.toMatchObject({ code: 'CLIENT_CLOSED' });
  });

  it('@ws/server is tested without a port', async () => {
    const project = follow('@ws/server', 'example.ts');
    project.write('chat.test.ts', project.readme.under('Test').code);
    await project.typeCheck('chat.test.ts');
    expect(await testsPassedIn(project)).toBe(2);
  });

  it('@ws/compat gives the one manager under an old name', async () => {
    const lines = await linesOf('@ws/compat');
    expect(lines).toContain('true');
    expect(lines).toContainEqual(expect.stringContaining('getUnifiedWebSocketManager is a legacy name'));
  });

  it('@ws/cli serves, publishes and follows', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const project = follow('@ws/cli', 'example.sh');
    const env = `export WS_URL=${url} WS_PORT=${new URL(url).port};`;
    const [serve = '', ...others] = project.readme.first.code.trim().split('\n');
    await using serving = project.start('sh', '-c', `${env} ${serve}`);
    await serving.printed(`listening on ${url}`);
    const said = [];
    for (const line of others) said.push(await project.run('sh', '-c', `${env} ${line}`));
    expect(said).toEqual([expect.stringMatching(/:1\b/), expect.stringMatching(/app\.note.*"n":1/)]);
  });

  it('@ws/eslint-plugin shows a legacy name', async () => {
    const project = follow('@ws/eslint-plugin', 'eslint.config.js');
    project.write(
      'old.js',
      "import { getManager } from '@ws/compat';\nexport const manager = getManager({ userId: 'u1' });\n",
    );
    const complaint = await project.exec('eslint', 'old.js').catch(String);
    expect(complaint).toContain('WSDEP012');
    await project.exec('eslint', 'old.js', '--fix').catch(() => undefined);
    expect(readFileSync(join(project.folder, 'old.js'), 'utf8')).toContain("from '@ws/core'");
  });

  it('@ws/conformance tries a log', async () => {
    const project = follow('@ws/conformance', 'test/conformance.test.ts');
    await project.typeCheck('test/conformance.test.ts');
    expect(await testsPassedIn(project)).toBeGreaterThan(50);
  });
});

describe('with the README of the repository alone', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/^```tsx? check\n(.*?)^```$/gms)].map(([, code = '']) => code);

  /** An example of the README as a file in the project of a package. */
  function write(
    name: string,
    file: string,
    code: string | undefined,
    changes: readonly (readonly [string, string])[],
  ) {
    const project = projects.get(name);
    if (project === undefined || code === undefined) throw new Error(`there is no project or example for ${name}`);
    let text = code;
    for (const [before, after] of changes) {
      if (!text.includes(before)) throw new Error(`the example for ${name} does not say ${before}`);
      text = text.replace(before, after);
    }
    project.write(file, text);
    return project;
  }

  it('the client is answered by the server', async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    await using serving = write('@ws/server', 'readme.ts', examples[0], [['8081', String(port)]]).start(
      process.execPath,
      'readme.ts',
    );
    await expect.poll(async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok).toBe(true);
    // What a browser of a user who has signed in does by itself.
    const browser = `class Browser extends WebSocket {
      constructor(address, protocols) { super(address, { protocols, headers: { cookie: 'session=1' } }); }
    }
    `;
    const client = write('@ws/client', 'readme.mts', examples[1], [
      ['const client', `${browser}const client`],
      ["url: '/ws'", `url: '${url}/ws', WebSocket: Browser`],
      ['client.connect()', "client.on('agent_completed', () => client.close());\nclient.connect()"],
    ]);
    expect((await client.node('readme.mts')).trim()).toBe('ends You said: hello');
    expect(serving).toBeDefined();
  });

  it.skipIf(isSkipped)('the page shows runs', async () => {
    await using server = await echoServer();
    const token = `async () => (await (await fetch('${server.url}/dev/token', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user_id":"u1"}' })).json()).token`;
    const client = createClient({
      url: server.url,
      token: async () => {
        const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"user_id":"u1"}' };
        return ((await (await fetch(`${server.url}/dev/token`, init)).json()) as { readonly token: string }).token;
      },
    });
    expect(await answerTo(client, 'hello')).toBe('You said: hello');
    client.close();
    const project = write('@ws/react', 'readme.tsx', examples[2], [
      ["url: '/ws'", `url: '${server.url}/ws', token: ${token}`],
    ]);
    project.write(
      'main.tsx',
      "import { createRoot } from 'react-dom/client';\nimport { App } from './readme.tsx';\ncreateRoot(document.getElementById('root')!).render(<App />);\n",
    );
    project.write('tsconfig.json', JSON.stringify({ compilerOptions: { jsx: 'react-jsx' } }));
    project.write('index.html', '<div id="root"></div><script type="module" src="/main.tsx"></script>');
    await project.node(resolve(root, 'apps/demo/node_modules/vite/bin/vite.js'), 'build');
    const answer = await openPage(CHROMIUM ?? '', join(project.folder, 'dist'), async (page, url) => {
      await page.goto(url);
      return page.getByText('You said: hello').textContent({ timeout: 20_000 });
    });
    expect(answer).toBe('You said: hello');
  });
});

/** Runs the tests of a project with Vitest. One that fails is thrown. */
async function testsPassedIn(project: ReadmeProject): Promise<number> {
  const report = stripVTControlCharacters(await project.exec('vitest', 'run'));
  return Number(/Tests +(\d+) passed/.exec(report)?.[1]);
}

/** The address that the READMEs of clients have for a server in development mode. */
const ADDRESS = 'http://127.0.0.1:8080';

/** A server in development mode, whose agent says what it was told. */
async function echoServer(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = await createServer({
    log: new MemoryEventLog(),
    development: true,
    onUserMessage: async ({ text, threadId, runId, manager }) => {
      await using run = await manager.startRun({ agentName: 'echo', threadId, runId, task: text });
      await run.tool('echo', { text }, () => text);
      await run.write(`You said: ${text}`);
      await run.complete();
    },
  });
  const { url } = await server.listen({ port: 0 });
  return { url, [Symbol.asyncDispose]: () => server.close({ deadlineMs: 0 }) };
}

/** What the agent of a server answers to a user, with what the user's browser sends. */
async function answerOf(url: string, options: ClientOptions): Promise<string | undefined> {
  class Browser extends WebSocket {
    constructor(address: string, protocols: string[]) {
      super(address, protocols, options);
    }
  }
  const client = createClient({ url, WebSocket: Browser, transports: ['websocket'] });
  // A refusal is also how the request ends.
  client.on('error', () => undefined);
  try {
    return await answerTo(client, 'hello');
  } finally {
    client.close();
  }
}

async function answerTo(client: Client, text: string): Promise<string | undefined> {
  client.connect();
  await client.sendMessage({ text, threadId: 't1' });
  let answer = '';
  for await (const item of client.stream()) {
    if (item.kind !== 'event') continue;
    const { event } = item;
    if (event.type === 'agent_response_chunk') answer += event.payload.delta;
    if (event.type === 'agent_completed') return event.payload.final_response ?? answer;
  }
  return undefined;
}
