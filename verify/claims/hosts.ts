import { join } from 'node:path';
import { judge, type Claim } from '../support/claim.ts';
import { ROOT } from '../support/places.ts';
import { runProcess } from '../support/run-process.ts';

/** Those on Node are part of `pnpm test`. */
const RUNTIMES = ['Bun', 'Deno'];

export const hosts: Claim = {
  id: 'hosts',
  claim:
    'The protocol is the same on Bun and Deno: resumes, refusals, close codes, slow readers, drains, Server-Sent Events',
  source: 'None: the first system had one server',
  async run({ progress }) {
    const main = join(ROOT, 'packages/server/test/hosts/main.ts');
    const { code, stdout, stderr } = await runProcess(
      process.execPath,
      ['--conditions=@ws/source', main, ...RUNTIMES],
      { cwd: ROOT, onLine: progress },
    );
    const failed = stdout.split('\n').filter((line) => line.includes('FAILED'));
    if (code !== 0 && failed.length === 0) failed.push(`the command ended with ${code}: ${stderr.slice(-500)}`);
    const held = stdout.split('\n').filter((line) => /^ {2}[A-Za-z]/.test(line)).length - failed.length;
    return judge(failed, { hosts: RUNTIMES.length, 'cases that hold': held }, [
      'pnpm hosts bun deno: the contract of docs/hosts.md, against a process of each runtime',
    ]);
  },
};
