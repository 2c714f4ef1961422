import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SkipLog, Workspace, type WorkspaceLimits } from '../../server/agent/workspace/index.ts';
import { collect } from './support/collect.ts';
import { linesOf, makeFolder } from './support/folder.ts';

const never = new AbortController().signal;

async function listed(root: string, limits?: Partial<WorkspaceLimits>, skipped = new SkipLog()): Promise<string[]> {
  const files = await collect(new Workspace(root, limits).files({}, never, skipped));
  return files.map(({ path }) => path);
}

/** A folder with a secret next to it, and every way out of it that a link can be. */
function makeCage() {
  const outer = makeFolder({ 'outside.txt': 'TOP SECRET', 'cage/inside.txt': 'inside', 'cage/sub/deep.txt': 'deep' });
  const root = join(outer, 'cage');
  symlinkSync(join(outer, 'outside.txt'), join(root, 'link-file'));
  symlinkSync('../outside.txt', join(root, 'link-relative'));
  symlinkSync(outer, join(root, 'link-folder'));
  symlinkSync('link-file', join(root, 'link-to-link'));
  symlinkSync('/', join(root, 'link-root'));
  symlinkSync('inside.txt', join(root, 'link-inside'));
  symlinkSync('.', join(root, 'loop'));
  return { outer, root };
}

describe('the way out of the folder is shut', () => {
  const attempts = [
    '..',
    '../outside.txt',
    'sub/../../outside.txt',
    './../outside.txt',
    'sub/../inside.txt',
    '..\\outside.txt',
    'sub\\..\\..\\outside.txt',
    'C:\\Windows\\win.ini',
    'C:/Windows/win.ini',
    'c:outside.txt',
    '\\\\server\\share',
    '//server/share',
    '/etc/passwd',
    '~/outside.txt',
    '~root/outside.txt',
    'inside.txt\0.png',
    '\0',
    'link-file',
    'link-relative',
    'link-folder/outside.txt',
    'link-folder/cage/inside.txt/../../outside.txt',
    'link-to-link',
    'link-root/etc/passwd',
    'loop/loop/link-file',
    `${'a/'.repeat(600)}x`,
  ];

  it.each(attempts)('refuses to read %j', async (path) => {
    const { root } = makeCage();
    await expect(new Workspace(root).read(path, never)).rejects.toMatchObject({
      name: 'WorkspaceError',
      code: expect.stringMatching(/^(?:OUTSIDE|INVALID_PATH)$/) as string,
    });
  });

  it.each(attempts)('refuses to list %j', async (under) => {
    const { root } = makeCage();
    const listing = collect(new Workspace(root).files({ under }, never, new SkipLog()));
    await expect(listing).rejects.toThrow();
  });

  it('refuses the absolute path of the folder itself', async () => {
    const { root } = makeCage();
    await expect(new Workspace(root).read(join(root, 'inside.txt'), never)).rejects.toMatchObject({ code: 'OUTSIDE' });
  });

  it('follows no link on a walk, and says so', async () => {
    const { root } = makeCage();
    const skipped = new SkipLog();
    expect(await listed(root, {}, skipped)).toEqual(['inside.txt', 'sub/deep.txt']);
    expect(skipped.report()).toMatchObject({ 'symbolic link': { count: 7 } });
  });

  it('reads through a link that stays inside, under the true path', async () => {
    const { root } = makeCage();
    expect(await new Workspace(root).read('link-inside', never)).toEqual({ path: 'inside.txt', text: 'inside' });
    expect(await new Workspace(root).read('loop/sub/deep.txt', never)).toEqual({ path: 'sub/deep.txt', text: 'deep' });
  });

  it('takes percent signs for what they are', async () => {
    const { root } = makeCage();
    await expect(new Workspace(root).read('%2e%2e/outside.txt', never)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('never names in a message where the folder lies', async () => {
    const { root, outer } = makeCage();
    const workspace = new Workspace(root);
    for (const path of ['../x', 'link-file', 'missing.txt', 'inside.txt/x', 'sub', 'link-folder']) {
      const error: unknown = await workspace.read(path, never).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).not.toContain(outer);
    }
  });

  it('is its own folder when the root itself is a link', async () => {
    const { outer, root } = makeCage();
    symlinkSync(root, join(outer, 'alias'));
    const workspace = new Workspace(join(outer, 'alias'));
    expect(await workspace.read('inside.txt', never)).toMatchObject({ text: 'inside' });
    await expect(workspace.read('link-file', never)).rejects.toMatchObject({ code: 'OUTSIDE' });
  });

  it('needs a folder that is there', () => {
    const root = makeFolder({ 'file.txt': '' });
    expect(() => new Workspace(join(root, 'missing'))).toThrow();
    expect(() => new Workspace(join(root, 'file.txt'))).toThrow(/not a folder/);
  });

  it('does not wait for a pipe that nobody writes to', async () => {
    const root = makeFolder();
    execFileSync('/usr/bin/env', ['mkfifo', join(root, 'pipe')]);
    await expect(new Workspace(root).read('pipe', never)).rejects.toMatchObject({ code: 'NOT_A_FILE' });
  });
});

describe('what is left out', () => {
  const secrets = [
    '.env',
    '.env.local',
    '.ENV',
    'prod.env',
    'server.pem',
    'tls/private.KEY',
    'id_rsa',
    'id_ed25519.bak',
    '.npmrc',
    '.ssh/config',
    'sub/.aws/credentials',
    'secrets.yaml',
    'service-account-1.json',
    'store.p12',
    'development-secret',
    'notes.txt.bak',
    'config.yaml.old',
    'settings.json~',
    '#notes.txt#',
    'terraform.tfstate',
    'terraform.tfstate.backup',
    'infra/prod.tfvars',
    '.terraform/terraform.tfstate',
    'kubeconfig',
    'kubeconfig.yaml',
    'prod.kubeconfig',
    'admin.conf',
    '.kube/config',
    'keys.json',
    'api-keys.yaml',
    'apiTokens.json',
    'password.txt',
    'cookies.txt',
    'session.har',
    'my-project-firebase-adminsdk-x1.json',
    'server.key.1',
    'id_rsa.pub',
    'signing.p8',
    '.vault-token',
    '.bash_history',
    '.docker/config.json',
    '.config/gcloud/application_default.json',
    'secrets/database.yaml',
    'credentials',
    'Credentials.JSON',
    '.env.',
  ];

  it.each(secrets)('keeps %s to itself', async (path) => {
    const root = makeFolder({ [path]: 'key', 'a.txt': 'a' });
    const skipped = new SkipLog();
    expect(await listed(root, {}, skipped)).toEqual(['a.txt']);
    expect(skipped.report()).toEqual({ secret: { count: 1, examples: [] } });
    await expect(new Workspace(root).read(path, never)).rejects.toMatchObject({ code: 'OFF_LIMITS' });
    // Nor does it say whether there is one.
    await expect(new Workspace(makeFolder()).read(path, never)).rejects.toMatchObject({ code: 'OFF_LIMITS' });
  });

  const pem = (kind: string, body = 'A'.repeat(64)): string =>
    `-----BEGIN ${kind}-----\n${body}\n-----END ${kind}-----\n`;
  it.each([
    ['a private key', pem('PRIVATE KEY')],
    ['a private key that is encrypted', pem('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED')],
    ['a private key in JSON', JSON.stringify({ private_key: pem('PRIVATE KEY') })],
    ['a private key of PGP', pem('PGP PRIVATE KEY BLOCK', `\n${'A'.repeat(64)}`)],
    ['a configuration of kubectl', `users:\n- user:\n    client-key-data: ${'A'.repeat(64)}\n`],
    ['keys of AWS', `[default]\naws_secret_access_key = ${'A'.repeat(40)}\n`],
  ])('keeps %s to itself, whatever the file is called', async (_name, text) => {
    const root = makeFolder({ 'notes.txt': text, 'a.txt': 'a' });
    const [workspace, skipped] = [new Workspace(root), new SkipLog()];
    expect(await collect(workspace.texts({}, never, skipped))).toEqual([{ path: 'a.txt', text: 'a' }]);
    expect(skipped.report()).toEqual({ secret: { count: 1, examples: [] } });
    await expect(workspace.read('notes.txt', never)).rejects.toMatchObject({ code: 'OFF_LIMITS' });
  });

  it('refuses a secret behind a link with a harmless name', async () => {
    const root = makeFolder({ '.env': 'KEY=1' });
    symlinkSync('.env', join(root, 'readme.txt'));
    await expect(new Workspace(root).read('readme.txt', never)).rejects.toMatchObject({ code: 'OFF_LIMITS' });
  });

  it('shows examples of settings, settings of tools, and programs that are about secrets', async () => {
    const shown = [
      ...[
        '.changeset/one.md',
        '.dependency-cruiser.cjs',
        '.editorconfig',
        '.env.example',
        '.github/ci.yml',
        '.gitignore',
      ],
      ...['Dockerfile', 'LICENSE', 'environment.ts', 'keyboard.ts', 'monkeys.txt', 'package.json'],
      ...['src/tokens/secret-keys.test.ts', 'src/tokens/token.py'],
    ];
    const root = makeFolder(Object.fromEntries(shown.map((path) => [path, 'x'])));
    expect(await listed(root)).toEqual(shown);
    const workspace = new Workspace(root);
    for (const path of shown) expect(await workspace.read(path, never)).toMatchObject({ text: 'x' });
    expect(await collect(workspace.files({ under: 'src/tokens' }, never, new SkipLog()))).toHaveLength(2);
    expect(await collect(workspace.files({ under: '.github' }, never, new SkipLog()))).toHaveLength(1);
  });

  it('shows a page that only speaks of keys', async () => {
    const text = 'A key begins with -----BEGIN PRIVATE KEY----- and client-key-data: is where kubectl has one.';
    expect(await new Workspace(makeFolder({ 'keys.md': text })).read('keys.md', never)).toMatchObject({ text });
  });

  it.each(['.git', 'node_modules', 'dist', 'data', 'test-results', 'coverage', 'packages/a/node_modules'])(
    'does not enter %s',
    async (folder) => {
      const root = makeFolder({ [`${folder}/x.txt`]: 'x', 'a.txt': 'a' });
      const skipped = new SkipLog();
      expect(await listed(root, {}, skipped)).toEqual(['a.txt']);
      expect(skipped.report()).toEqual({ 'skipped folder': { count: 1, examples: [folder] } });
      await expect(new Workspace(root).read(`${folder}/x.txt`, never)).rejects.toMatchObject({ code: 'OFF_LIMITS' });
    },
  );

  it('reads neither what is binary nor what is large, and says so', async () => {
    const root = makeFolder({
      'a.txt': 'text',
      'b.bin': new Uint8Array([1, 0, 2]),
      'c.png': 'not really',
      'large.txt': 'x'.repeat(1_024 * 1_024 + 1),
      'just-fits.txt': 'x'.repeat(1_024 * 1_024),
    });
    const workspace = new Workspace(root);
    const skipped = new SkipLog();
    const texts = await collect(workspace.texts({}, never, skipped));
    expect(texts.map(({ path }) => path)).toEqual(['a.txt', 'just-fits.txt']);
    expect(skipped.report()).toEqual({
      binary: { count: 2, examples: ['b.bin', 'c.png'] },
      'too large': { count: 1, examples: ['large.txt'] },
    });
    await expect(workspace.read('large.txt', never)).rejects.toThrow(/1048577 bytes/);
    await expect(workspace.read('b.bin', never)).rejects.toMatchObject({ code: 'BINARY' });
  });
});

describe('bounds', () => {
  it('ends a walk at the most files, and says that more was there', async () => {
    const root = makeFolder({ 'a.txt': '', 'b.txt': '', 'c.txt': '' });
    const skipped = new SkipLog();
    expect(await listed(root, { maxFiles: 2 }, skipped)).toEqual(['a.txt', 'b.txt']);
    expect(skipped.incomplete).toBe(true);
  });

  it('ends reading at the most bytes', async () => {
    const root = makeFolder({ 'a.txt': linesOf(50), 'b.txt': linesOf(50), 'c.txt': linesOf(50) });
    const skipped = new SkipLog();
    const workspace = new Workspace(root, { maxTotalBytes: 220 });
    expect(await collect(workspace.texts({}, never, skipped))).toHaveLength(2);
    expect(skipped.incomplete).toBe(true);
  });

  it('does not go deeper than the depth', async () => {
    const root = makeFolder({ 'a/b/c/d.txt': '', 'a/x.txt': '' });
    const skipped = new SkipLog();
    expect(await listed(root, { maxDepth: 2 }, skipped)).toEqual(['a/x.txt']);
    expect(skipped.incomplete).toBe(true);
  });

  it('stops as soon as it is told to', async () => {
    const root = makeFolder();
    for (let index = 0; index < 50; index += 1) {
      mkdirSync(join(root, `d${index}`));
      writeFileSync(join(root, `d${index}/x.txt`), 'x');
    }
    const controller = new AbortController();
    let seen = 0;
    const reading = (async () => {
      for await (const _file of new Workspace(root).texts({}, controller.signal, new SkipLog())) {
        seen += 1;
        if (seen === 3) controller.abort(new Error('enough'));
      }
    })();
    await expect(reading).rejects.toThrow('enough');
    expect(seen).toBe(3);
  });

  it('lets other work of the process go on', async () => {
    const root = makeFolder(Object.fromEntries(Array.from({ length: 60 }, (_, index) => [`f${index}.txt`, 'x'])));
    let turns = 0;
    let done = false;
    const count = (): void => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    await collect(new Workspace(root).texts({}, never, new SkipLog()));
    done = true;
    expect(turns).toBeGreaterThan(30);
  });
});
