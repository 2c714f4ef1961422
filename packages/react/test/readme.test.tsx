import './support/dom.ts';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import type { ComponentType } from 'react';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { AgentService, THREAD } from './support/agent-service.ts';

afterEach(cleanup);

interface Example {
  readonly App: ComponentType<{ readonly userId: string; readonly threadId: string }>;
}

const PACKAGE = resolve(import.meta.dirname, '..');

/** The example of the README that exports an `App`, as a module. */
async function loadExample(): Promise<Example> {
  const page = readFileSync(resolve(PACKAGE, 'README.md'), 'utf8');
  const code =
    [...page.matchAll(/^```tsx check\n(.*?)^```$/gms)].find(([, text]) => text?.includes('export function App'))?.[1] ??
    '';
  // Within the package, so that its imports are found as those of its tests are.
  const folder = resolve(PACKAGE, 'test-results');
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = resolve(folder, 'readme.tsx');
  writeFileSync(file, code);
  return (await import(file)) as Example;
}

it('the example of the README is a page on which an agent can be asked, allowed and stopped', async () => {
  const service = await AgentService.start();
  const { token } = service.options('alice');
  if (typeof token !== 'function') throw new Error('tokens are made when they are asked for');
  // What the example leaves to the page: its address, and the sign-in behind `/token`.
  vi.stubGlobal('location', { href: `${service.url}/` });
  const { fetch } = globalThis;
  const signIn: typeof fetch = async (input, init) =>
    input === '/token' ? new Response(await token({ reason: 'connect' })) : fetch(input, init);
  vi.stubGlobal('fetch', signIn);
  onTestFinished(() => void vi.unstubAllGlobals());

  const { App } = await loadExample();
  render(<App userId="alice" threadId={THREAD} />);
  const ask = (text: string): void => {
    fireEvent.change(screen.getByLabelText('Message'), { target: { value: text } });
    fireEvent.click(screen.getByText('Send'));
  };
  const patience = { timeout: 8_000 };

  ask('hello world');
  await screen.findByText('You said: hello world', undefined, patience);
  await screen.findByText('echo: completed');
  ask('ask');
  fireEvent.click(await screen.findByText('Yes', undefined, patience));
  await screen.findByText('deleted', undefined, patience);
  ask('wait');
  fireEvent.click(await screen.findByText('Stop', undefined, patience));
  await screen.findByText('cancelled by the user', undefined, patience);
  expect(screen.queryByText('Stop')).toBeNull();
  await service.stop();
  await screen.findByText('Not connected: try now', undefined, patience);
  await service.start();
  // Unless it was faster by itself.
  const button = screen.queryByText('Not connected: try now');
  if (button !== null) fireEvent.click(button);
  await expect.poll(() => screen.queryByText('Not connected: try now'), patience).toBeNull();
});
