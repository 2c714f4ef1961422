import { cpSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, isSkipped } from '../e2e/page/support/places.ts';
import { publicPackages } from '../scripts/public-packages.mjs';
import { bin } from '../scripts/workspace.mjs';
import { Consumer, type ConsumerOptions } from './support/consumer.ts';
import { makeFolder, type Folder } from './support/folder.ts';
import { machineNode } from './support/machine-node.ts';
import { Registry } from './support/registry.ts';
import { RunningServer } from './support/running-server.ts';
import { visitPage } from './support/visit-page.ts';
import { WorkspaceCopy } from './support/workspace-copy.ts';

// A release from the first step to the last, on a registry of our own: each step stands on the one before it.

const FIVE = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];
const REPOSITORY = 'example/streams';
const LEGACY_RUN = ['agent_started', 'agent_thinking', 'agent_completed'];
const TOOL_RUN = ['tool_executing', 'tool_completed', 'agent_completed'];
const packages = publicPackages().map(({ name }) => name);

interface Stage {
  readonly folder: Folder;
  readonly registry: Registry;
  readonly workspace: WorkspaceCopy;
  readonly project: Consumer;
  /** The first version of the project, kept while the project moves up. */
  readonly before: Consumer;
  readonly legacy: Consumer;
  readonly page: Consumer;
}

/** Moves the log of a server that was killed: the file, and what SQLite keeps beside it. */
function moveLog(from: Consumer, to: Consumer): void {
  for (const file of globSync('events.db*', { cwd: from.folder })) {
    cpSync(join(from.folder, file), join(to.folder, file), { force: true });
  }
}

describe('a release', () => {
  let stage: Stage | undefined;
  const on = (): Stage => {
    if (stage === undefined) throw new Error('the stage is set up before the steps');
    return stage;
  };
  const place = (name: string): string => join(on().folder.path, name);
  let first = '';
  let second = '';

  beforeAll(async () => {
    const folder = makeFolder('ws-release-');
    for (const name of ['registry', 'workspace']) mkdirSync(join(folder.path, name));
    const registry = await Registry.start(join(folder.path, 'registry'));
    const workspace = await WorkspaceCopy.make(join(folder.path, 'workspace'));
    const consumer = (options: Omit<ConsumerOptions, 'folder'>, place: string = options.name) =>
      new Consumer({ ...options, folder: join(folder.path, place) }, registry);
    const server = {
      name: 'typescript',
      type: 'module',
      manager: 'pnpm',
      uses: ['@ws/client', '@ws/core', '@ws/sqlite', '@ws/types'],
      others: ['ws'],
    } as const;
    const project = consumer({
      ...server,
      uses: [...server.uses, '@ws/cli', '@ws/compat', '@ws/eslint-plugin'],
      others: [...server.others, '@types/ws', '@types/node', 'eslint'],
    });
    const before = consumer(server, 'typescript-before');
    const legacy = consumer({
      name: 'legacy',
      type: 'commonjs',
      manager: 'npm',
      uses: ['@ws/compat', '@ws/core', '@ws/types'],
      others: ['ws', '@types/node'],
    });
    const page = consumer({ name: 'page', type: 'module', manager: 'pnpm', uses: ['@ws/client'], others: ['vite'] });
    stage = { folder, registry, workspace, project, before, legacy, page };
  });

  afterAll(async () => {
    await stage?.registry.stop();
    stage?.folder.remove();
  });

  const typeCheckAndBuild = (consumer: Consumer) => consumer.node(bin('typescript7', 'tsc'));
  const buildPage = (consumer: Consumer) => consumer.node(consumer.tool('vite/bin/vite.js'), 'build');
  const runLegacy = async (node: string = process.execPath): Promise<object> =>
    JSON.parse(await on().legacy.run(node, '--no-deprecation', 'main.cjs')) as object;
  const whatLegacyFinds = {
    received: ['connection_ready', ...LEGACY_RUN, 'agent_started', ...TOOL_RUN, 'goodbye'],
    answers: ['Done.', 'Three.'],
    foreign: 'ISOLATION_VIOLATION',
    isOneManager: true,
    isInstance: true,
    isOneClass: true,
    isOneHub: true,
    areOne: true,
  };
  /** Type-checks as a program in CommonJS does, declarations of packages included. */
  const checkLegacyTypes = async (): Promise<void> => {
    const options = ['--noEmit', '--strict', '--target', 'es2022', '--lib', 'es2023,esnext.disposable'];
    for (const module of ['node16', 'nodenext']) {
      const args = ['--module', module, ...options, '--types', 'node', 'typed/chat.ts'];
      await on().legacy.node(bin('typescript7', 'tsc'), ...args);
    }
  };
  const expectFiveEvents = (output: string): void => {
    expect(JSON.parse(output)).toEqual(expect.arrayContaining(FIVE));
  };

  it('changeset version gives all packages one version and a changelog', async () => {
    first = await on().workspace.raiseMinor();
    for (const name of packages) {
      const changelog = place(join('workspace/packages', name.replace('@ws/', ''), 'CHANGELOG.md'));
      expect(readFileSync(changelog, 'utf8')).toContain(`## ${first}`);
    }
  });

  it('every package is published at that version, and tagged', async () => {
    await on().workspace.publish(on().registry, REPOSITORY);
    for (const name of packages) {
      const { [first]: manifest, ...others } = await on().registry.versions(name);
      expect(others).toEqual({});
      // What a registry compares with the signature of where it was built.
      const directory = `packages/${name.replace('@ws/', '')}`;
      expect(manifest?.repository).toMatchObject({ url: `git+https://github.com/${REPOSITORY}.git`, directory });
    }
    expect([...(await on().workspace.tags())].sort()).toEqual(packages.map((name) => `${name}@${first}`).sort());
  });

  it('a new TypeScript project installs it, type-checks and runs', async () => {
    const { project } = on();
    await project.install(first);
    await typeCheckAndBuild(project);
    expectFiveEvents(await project.node('built/main.js'));
  });

  it('the command of @ws/cli runs and brings neither the demo agent nor the SDK of a model', async () => {
    const { project } = on();
    expect(await project.npx('ws', 'serve', '--help')).toContain('--development');
    expect(globSync('node_modules/.pnpm/{openai,@ws+demo}@*', { cwd: project.folder })).toEqual([]);
    const chunks = globSync('node_modules/@ws/cli/dist/*.js', { cwd: project.folder });
    expect(chunks.length).toBeGreaterThan(1);
    for (const chunk of chunks) expect(readFileSync(join(project.folder, chunk), 'utf8')).not.toContain('OPENAI_MODEL');
  });

  it('a legacy CommonJS project runs on old names alone, with one class for import and require', async () => {
    await on().legacy.install(first);
    expect(await runLegacy()).toEqual(whatLegacyFinds);
  });

  it('it runs on the Node of the machine as well', async () => {
    expect(await runLegacy(machineNode())).toEqual(whatLegacyFinds);
  });

  it('its types are those of CommonJS, by old rules for modules and by new ones', checkLegacyTypes);

  it('the commands of @ws/compat find its old names, and move what they can', async () => {
    const { legacy } = on();
    const found = await legacy.npx('@ws/compat', 'scan', '.');
    expect(found).toContain('main.cjs:4:9 WSDEP007 get_websocket_manager');
    expect(found).toContain('small.cjs:2:9 WSDEP012 getManager');
    await expect(legacy.npx('@ws/compat', 'scan', 'small.cjs', '--strict')).rejects.toThrow('ended with 1');

    const before = await legacy.node('--no-deprecation', 'small.cjs');
    await legacy.npx('@ws/compat', 'migrate', 'small.cjs');
    await legacy.npx('@ws/compat', 'scan', 'small.cjs', '--strict');
    expect(await legacy.node('--throw-deprecation', 'small.cjs')).toBe(before);
  });

  it('the rule of @ws/eslint-plugin finds and fixes an old name, by import and by require', async () => {
    const { project } = on();
    await project.node(
      project.tool('eslint/bin/eslint.js'),
      '--config',
      'legacy/lint.config.js',
      '--fix',
      'legacy/old.js',
    );
    const fixed = readFileSync(join(project.folder, 'legacy/old.js'), 'utf8');
    expect(fixed).toContain("import { getWebSocketManager } from '@ws/core';");
    const required = `const ws = require('@ws/eslint-plugin'); ws.default.configs === ws.configs`;
    expect((await project.node('--print', required)).trim()).toBe('true');
  });

  it('a page is built with Vite', async () => {
    await on().page.install(first);
    await buildPage(on().page);
  });

  it.skipIf(isSkipped)('the page shows an answer in a browser', async () => {
    await using server = await RunningServer.start(on().project.folder);
    const seen = await visitPage(CHROMIUM ?? '', join(on().page.folder, 'dist'), server.url);
    expect(seen).toEqual({ answer: 'You said: hello from a page', tools: 'completed', complaints: [] });
  });

  it('a minor with a new export is published on top', async () => {
    await on().workspace.addExport('types', 'ADDED_IN_THE_REHEARSAL');
    second = await on().workspace.raiseMinor();
    await on().workspace.publish(on().registry, REPOSITORY);
    const versions = await Promise.all(packages.map((name) => on().registry.versions(name)));
    expect(versions.map(Object.keys)).toEqual(packages.map(() => [first, second]));
  });

  it('the TypeScript project moves up to it', async () => {
    const { project, before } = on();
    await before.install(first);
    cpSync(join(project.folder, 'built'), join(before.folder, 'built'), { recursive: true });
    await project.install(second);
    await typeCheckAndBuild(project);
    expectFiveEvents(await project.node('built/main.js'));
    const added = await project.node('--print', `require('@ws/types').ADDED_IN_THE_REHEARSAL`);
    expect(added.trim()).toBe('ADDED_IN_THE_REHEARSAL');
  });

  it('the legacy project moves up to it', async () => {
    await on().legacy.install(second);
    expect(await runLegacy()).toEqual(whatLegacyFinds);
  });

  it('a client of the version before works with a server of the new version, and on what the server before wrote', async () => {
    const { project, before } = on();
    {
      await using server = await RunningServer.start(before.folder);
      expectFiveEvents(await project.node('built/main.js', 'ask', server.url));
    }
    moveLog(before, project);
    await using server = await RunningServer.start(project.folder);
    expectFiveEvents(await before.node('built/main.js', 'ask', server.url));
  });

  it('a server of the version before takes over the log of the new version: a rollback', async () => {
    const { project, before } = on();
    moveLog(project, before);
    await using server = await RunningServer.start(before.folder);
    expectFiveEvents(await project.node('built/main.js', 'ask', server.url));
  });

  it('the page moves up to it', async () => {
    await on().page.install(second);
    await buildPage(on().page);
  });

  it.skipIf(isSkipped)('the page of the new version shows an answer in a browser', async () => {
    await using server = await RunningServer.start(on().project.folder);
    const seen = await visitPage(CHROMIUM ?? '', join(on().page.folder, 'dist'), server.url);
    expect(seen.answer).toBe('You said: hello from a page');
  });
});
