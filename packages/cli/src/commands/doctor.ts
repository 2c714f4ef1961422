import { Command, Option } from 'commander';
import type { Finding } from '@ws/service';
import { inspectService } from '../doctor/inspect-service.ts';
import { EXIT, Failure } from '../failure.ts';
import { withServer } from '../server-options.ts';

interface Options {
  readonly url: string;
  readonly only?: 'setup' | 'service';
}

const MARKS = { good: '✓', note: '–', doubt: '!', fault: '✗' } as const satisfies Record<Finding['verdict'], string>;

export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description(
      'Say what is wrong with a set-up, and what to do: the settings in the environment, and the service at --url.',
    )
    .addOption(new Option('--only <part>', 'look at one part only').choices(['setup', 'service']))
    .action(doctor);
  return withServer(command);
}

async function doctor({ url, only }: Options): Promise<void> {
  const findings: Finding[] = [];
  const show = (title: string, found: readonly Finding[]): void => {
    console.log(title);
    for (const { verdict, what, advice } of found) {
      console.log(`  ${MARKS[verdict]} ${what}`);
      if (advice !== undefined) console.log(`      ${advice}`);
    }
    findings.push(...found);
  };
  if (only !== 'service') {
    const { inspectSetup, withDotEnv } = await import('@ws/service');
    const { env, notes } = withDotEnv(process.env, process.cwd());
    for (const note of notes) console.log(`note: ${note}`);
    show('The settings in this environment', await inspectSetup(env));
  }
  if (only !== 'setup') show(`The service at ${url}`, await inspectService(url, process.env));
  const faults = findings.filter(({ verdict }) => verdict === 'fault').length;
  const doubts = findings.filter(({ verdict }) => verdict === 'doubt').length;
  console.log(`${faults} ${faults === 1 ? 'fault' : 'faults'}, ${doubts} ${doubts === 1 ? 'doubt' : 'doubts'}`);
  if (faults > 0) throw new Failure('Something has to be mended: see above.', EXIT.failed);
}
