import { nearestName } from '@ws/types';
import type { Environment } from './environment.ts';
import { SETTINGS } from './table/settings-table.ts';

/** What the commands of `ws` read beside the settings. */
const OF_COMMANDS = ['WS_URL'];

/** What Kubernetes sets in every container for a Service that is called `ws`. */
const OF_KUBERNETES = /^WS_(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

/** Tells a variable that Kubernetes set from one of the same name that a person did: its port is an address. */
export function isOfKubernetes(name: string, value: string): boolean {
  return OF_KUBERNETES.test(name) && (name !== 'WS_PORT' || /^\w+:\/\//.test(value));
}

/**
 * Sentences about variables that begin with `WS_` and that nothing reads: a typing error would leave a setting at its default without a
 * word. They are no errors, because other programs may use the prefix as well.
 */
export function unknownVariables(env: Environment): readonly string[] {
  const known = [...Object.keys(SETTINGS), ...OF_COMMANDS];
  return Object.entries(env).flatMap(([name, value = '']) => {
    if (!name.startsWith('WS_') || known.includes(name) || isOfKubernetes(name, value)) return [];
    const meant = nearestName(name, known) ?? withoutItsEnd(name, known);
    return `${name} is not a setting${meant === undefined ? ': it has no effect' : `: did you mean ${meant}?`}`;
  });
}

/** The one name of which `name` is the beginning: a unit was left out, as in `WS_HEARTBEAT`. */
function withoutItsEnd(name: string, known: readonly string[]): string | undefined {
  const [first, ...others] = known.filter((one) => one.startsWith(`${name}_`));
  return others.length === 0 ? first : undefined;
}
