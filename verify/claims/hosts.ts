import { join } from 'node:path';
import { judge, type Claim } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';
import { runProcess } from '../support/run-process.ts';

/** Words of the names of the hosts that are not part of `pnpm test`: what they need is installed, and applications are built. */
const HOSTS = ['Bun', 'Deno', 'Next', 'SvelteKit', 'Astro', 'Nitro'];

export const hosts: Claim = {
  id: 'hosts',
  claim:
    'The protocol is the same on Bun and Deno and in Next, SvelteKit, Astro and Nitro: resumes, refusals, close codes, slow readers, drains, Server-Sent Events',
  source: 'None: the first system had one server',
  async run({ progress }) {
    const main = join(ROOT, 'packages/server/test/hosts/main.ts');
    const { code, stdout, stderr } = await runProcess(process.execPath, ['--conditions=@ws/source', main, ...HOSTS], {
      cwd: ROOT,
      onLine: progress,
    });
    const failed = stdout.split('\n').filter((line) => line.includes('FAILED'));
    if (code !== 0 && failed.length === 0) failed.push(`the command ended with ${code}: ${stderr.slice(-500)}`);
    const held = stdout.split('\n').filter((line) => /^ {2}[A-Za-z]/.test(line)).length - failed.length;
    return judge(failed, { 'runtimes and frameworks': HOSTS.length, 'cases that hold': held }, [
      'pnpm hosts bun deno next sveltekit astro nitro: the contract of docs/hosts.md, against a process of each; what a framework does not do, that page says',
    ]);
  },
};
