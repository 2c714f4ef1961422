import { bin } from '../../scripts/workspace.mjs';
import { ROOT } from './places.ts';
import { runProcess } from './run-process.ts';

/** Builds what is out of date: every package, the server and the page. */
export async function buildWorkspace(): Promise<void> {
  const args = [bin('turbo'), 'run', 'build', '--output-logs=errors-only'];
  const env = { TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  const { code, stdout, stderr } = await runProcess(process.execPath, args, { cwd: ROOT, env });
  if (code !== 0) throw new Error(`the build failed:\n${stdout}${stderr}`);
}
