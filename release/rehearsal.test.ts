import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, isSkipped } from '../e2e/page/support/places.ts';
import { publicPackages } from '../scripts/public-packages.mjs';
import { Consumer } from './support/consumer.ts';
import { makeFolder, type Folder } from './support/folder.ts';
import { Registry } from './support/registry.ts';
import { RunningServer } from './support/running-server.ts';
import { visitPage } from './support/visit-page.ts';
import { WorkspaceCopy } from './support/workspace-copy.ts';

// A release from the first step to the last, on a registry of our own: each step stands on the one before it.

const FIVE = ['agent_started', 'agent_thinking', 'tool_executing', 'tool_completed', 'agent_completed'];
const packages = publicPackages().map(({ name }) => name);

interface Stage {
  readonly folder: Folder;
  readonly registry: Registry;
  readonly workspace: WorkspaceCopy;
  readonly project: Consumer;
  readonly legacy: Consumer;
  readonly page: Consumer;
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
    const consumer = (options: Omit<ConstructorParameters<typeof Consumer>[0], 'folder'>) =>
      new Consumer({ ...options, folder: join(folder.path, options.name) }, registry);
    const project = consumer({
      name: 'typescript',
      type: 'module',
      manager: 'pnpm',
      uses: ['@ws/client', '@ws/core', '@ws/sqlite', '@ws/types'],
      others: ['typescript', 'ws', '@types/ws', '@types/node'],
    });
    const legacy = consumer({
      name: 'legacy',
      type: 'commonjs',
      manager: 'npm',
      uses: ['@ws/compat', '@ws/core'],
      others: [],
    });
    const page = consumer({ name: 'page', type: 'module', manager: 'pnpm', uses: ['@ws/client'], others: ['vite'] });
    stage = { folder, registry, workspace, project, legacy, page };
  });

  afterAll(async () => {
    await stage?.registry.stop();
    stage?.folder.remove();
  });

  const typeCheckAndBuild = (consumer: Consumer) => consumer.node(consumer.tool('typescript/bin/tsc'));
  const buildPage = (consumer: Consumer) => consumer.node(consumer.tool('vite/bin/vite.js'), 'build');
  const runLegacy = async (): Promise<object> =>
    JSON.parse(await on().legacy.node('--no-deprecation', 'main.cjs')) as object;
  const whatLegacyFinds = {
    received: ['agent_started', 'agent_completed'],
    isOneManager: true,
    isInstance: true,
    isOneClass: true,
    isOneHub: true,
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
    await on().workspace.publish(on().registry);
    const versions = await Promise.all(packages.map((name) => on().registry.versions(name)));
    expect(versions).toEqual(packages.map(() => [first]));
    expect([...(await on().workspace.tags())].sort()).toEqual(packages.map((name) => `${name}@${first}`).sort());
  });

  it('a new TypeScript project installs it, type-checks and runs', async () => {
    const { project } = on();
    await project.install(first);
    await typeCheckAndBuild(project);
    expectFiveEvents(await project.node('built/main.js'));
  });

  it('a legacy CommonJS project runs on old names alone, with one class for import and require', async () => {
    await on().legacy.install(first);
    expect(await runLegacy()).toMatchObject(whatLegacyFinds);
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
    await on().workspace.publish(on().registry);
    const versions = await Promise.all(packages.map((name) => on().registry.versions(name)));
    expect(versions).toEqual(packages.map(() => [first, second]));
  });

  it('the TypeScript project moves up to it', async () => {
    const { project } = on();
    cpSync(project.folder, place('typescript-before'), { recursive: true, verbatimSymlinks: true });
    await project.install(second);
    await typeCheckAndBuild(project);
    expectFiveEvents(await project.node('built/main.js'));
    const added = await project.node('--print', `require('@ws/types').ADDED_IN_THE_REHEARSAL`);
    expect(added.trim()).toBe('ADDED_IN_THE_REHEARSAL');
  });

  it('the legacy project moves up to it', async () => {
    await on().legacy.install(second);
    expect(await runLegacy()).toMatchObject(whatLegacyFinds);
  });

  it('a client of the version before works with a server of the new version, and on what the server before wrote', async () => {
    {
      await using before = await RunningServer.start(place('typescript-before'));
      expectFiveEvents(await on().project.node('built/main.js', 'ask', before.url));
    }
    cpSync(join(place('typescript-before'), 'events.db'), join(on().project.folder, 'events.db'));
    await using server = await RunningServer.start(on().project.folder);
    const client = join(place('typescript-before'), 'built/main.js');
    expectFiveEvents(await on().project.node(client, 'ask', server.url));
  });

  it('a server of the version before takes over the log of the new version: a rollback', async () => {
    for (const suffix of ['', '-wal', '-shm']) {
      cpSync(join(on().project.folder, `events.db${suffix}`), join(place('typescript-before'), `events.db${suffix}`), {
        force: true,
      });
    }
    await using server = await RunningServer.start(place('typescript-before'));
    expectFiveEvents(await on().project.node('built/main.js', 'ask', server.url));
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
