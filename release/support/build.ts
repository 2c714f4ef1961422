import { bin, node, run } from '../../scripts/workspace.mjs';

/** Builds what is out of date: what is published is looked at as it is built. */
export default async function build(): Promise<void> {
  const args = [bin('turbo'), 'run', 'build', '--filter=./packages/*', '--output-logs=errors-only'];
  const { code, output } = await run(node, args, { capture: true });
  if (code !== 0) throw new Error(output);
}
