import { resolve } from 'node:path';
import { launchBrowser } from '../../e2e/page/support/browser.ts';
import { standsTheScenario } from '../../e2e/page/support/chat-scenario.ts';
import { provideTools, tools } from '../../scripts/tools.mjs';
import { judge, type Claim, type Outcome } from '../support/claim.ts';
import { makeTempFolder, ROOT } from '../support/places.ts';
import { runProcess } from '../support/run-process.ts';

const cwd = resolve(ROOT, 'examples/next');
const PRODUCTION = { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };

/** The examples with Express and with Hono are part of `pnpm test`; a build of Next takes too long for that. */
export const nextExample: Claim = {
  id: 'next-example',
  claim:
    'A Next application on the library stands a reload, a second tab, kill -9 and a sign-out of one session, and users see nothing of each other',
  source: 'None: the first system was no library',
  async run({ progress }) {
    const { env, missing } = await provideTools(tools.filter(({ name }) => name === 'Chromium'));
    if (missing.length > 0) return { verdict: 'open', figures: {}, evidence: [], reason: missing.join(' ') };
    progress('builds the application');
    const startedAt = performance.now();
    const next = resolve(cwd, 'node_modules/next/dist/bin/next');
    const build = await runProcess(process.execPath, [next, 'build', '--webpack'], { cwd, env: PRODUCTION });
    if (build.code !== 0)
      return outcome([`next build ended with ${build.code}: ${build.stderr.slice(-500)}`], startedAt);
    progress('drives it in Chromium');
    const browser = await launchBrowser(env['CHROMIUM_PATH']);
    using data = makeTempFolder();
    try {
      await standsTheScenario(browser, {
        command: [process.execPath, '--conditions=@ws/source', 'server.ts'],
        cwd,
        env: { ...PRODUCTION, PORT: '0', DATA: data.path },
      });
      return outcome([], startedAt);
    } catch (error) {
      const { cause, message } = error as Error;
      return outcome([`${String(cause)}; ${message.slice(-500)}`], startedAt);
    } finally {
      await browser.close();
    }
  },
};

function outcome(wrong: readonly string[], startedAt: number): Outcome {
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  return judge(wrong, { 'build and scenario, s': seconds }, [
    'examples/next, built and started as its README says, driven in Chromium by e2e/page/support/chat-scenario.ts',
  ]);
}
