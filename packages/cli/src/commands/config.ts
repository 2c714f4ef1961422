import { Command } from 'commander';

interface Options {
  readonly json?: true;
  readonly changed?: true;
}

export function configCommand(): Command {
  return new Command('config')
    .description(
      'Show the settings that `ws serve` would run with here, secrets hidden: environment, `.env`, defaults.',
    )
    .option('--changed', 'only settings that are not at their default')
    .option('--json', 'as JSON')
    .action(config);
}

async function config({ json, changed }: Options): Promise<void> {
  const { shownSettings, unknownVariables, withDotEnv } = await import('@ws/service');
  const { env, notes } = withDotEnv(process.env, process.cwd());
  for (const note of notes) console.error(`note: ${note}`);
  for (const sentence of unknownVariables(env)) console.error(`warning: ${sentence}`);
  const settings = shownSettings(env).filter(({ isDefault }) => changed !== true || !isDefault);
  if (json === true) {
    console.log(JSON.stringify(Object.fromEntries(settings.map(({ name, value }) => [name, value ?? null])), null, 2));
    return;
  }
  const width = Math.max(0, ...settings.map(({ name }) => name.length));
  for (const { name, value = '', isDefault } of settings) {
    console.log(`${name.padEnd(width)}  ${value}${isDefault ? '' : '  (set)'}`.trimEnd());
  }
}
