import type { Setting } from './setting.ts';
import { GROUPS } from './table/settings-table.ts';

/** The tables of `docs/settings.md`, in Markdown. */
export function settingsPage(): string {
  return Object.entries(GROUPS)
    .map(([title, group]) => `## ${title}\n\n${tableOf(group)}`)
    .join('\n\n');
}

function tableOf(group: Readonly<Record<string, Setting>>): string {
  const rows = Object.entries(group).map(([name, setting]) => {
    const cells = [`\`${name}\``, setting.meaning, takesOf(setting), defaultOf(setting)];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return ['| Variable | Meaning | Takes | Default |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const UNITS = { ms: ' (milliseconds)', bytes: ' (bytes)', characters: ' (characters)', share: '' } as const;

function takesOf({ takes, unit, isSecret }: Setting): string {
  return `${takes}${unit === undefined ? '' : UNITS[unit]}${isSecret === true ? '; a secret' : ''}`;
}

function defaultOf({ fallback, otherwise }: Setting): string {
  if (otherwise !== undefined) return otherwise;
  return fallback === undefined ? '' : `\`${fallback as string | number}\``;
}

/** The same for `--help`, in plain text. */
export function settingsHelp(): string {
  const width = Math.max(...Object.values(GROUPS).flatMap((group) => Object.keys(group).map((name) => name.length)));
  return Object.entries<Readonly<Record<string, Setting>>>(GROUPS)
    .map(([title, group]) => {
      const lines = Object.entries(group).map(([name, setting]) => {
        const byDefault = defaultOf(setting).replaceAll('`', '');
        return `  ${name.padEnd(width)}  ${setting.takes}${byDefault === '' ? '' : ` [${byDefault}]`}`;
      });
      return [`${title}:`, ...lines].join('\n');
    })
    .join('\n\n');
}
