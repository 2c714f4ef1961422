import '../support/dom.ts';
import { cleanup, render } from '@testing-library/react';
import { startTransition, useEffect, useLayoutEffect, useState, type ReactNode } from 'react';
import { afterEach, expect, it } from 'vitest';
import { useRun } from '../../src/index.ts';
import type { ClientStore } from '../../src/store/client-store.ts';
import { chunk, setStage, started } from '../support/stage.tsx';

afterEach(cleanup);

const READERS = 8;

/** The texts that were on the screen beside each other, when the stream went on in the middle of a transition. */
async function screens(useText: (store: ClientStore) => string): Promise<readonly string[]> {
  const { server, frames, store, wrapper } = await setStage();
  const committed: string[] = [];
  let begin = (): void => undefined;
  let isInterrupted = false;

  const Reader = ({ name }: { readonly name: number }): ReactNode => {
    const text = useText(store);
    if (name === 2 && !isInterrupted) {
      isInterrupted = true;
      server.emit(chunk('second'));
      // React lets others have their turn within a transition: this is one of them.
      setImmediate(() => frames.show());
    }
    // Slow, so that the transition takes several turns.
    const until = performance.now() + 10;
    while (performance.now() < until);
    return <p>{text}</p>;
  };
  const Page = (): ReactNode => {
    const [isOpen, setOpen] = useState(false);
    begin = () => startTransition(() => setOpen(true));
    useLayoutEffect(() => void committed.push(textsOnScreen()), [isOpen]);
    return isOpen ? Array.from({ length: READERS }, (_, name) => <Reader key={name} name={name} />) : null;
  };
  render(<Page />, { wrapper });
  server.emit(started);
  server.emit(chunk('first '));
  frames.show();

  await outsideOfAct(async () => {
    begin();
    await expect.poll(textsOnScreen).toBe('first second');
  });
  expect(document.querySelectorAll('p')).toHaveLength(READERS);
  expect(isInterrupted).toBe(true);
  return committed;
}

it('what is on the screen is of one moment, also when the stream goes on in the middle of a transition', async () => {
  expect(await screens(() => useRun('r1', (run) => run?.response ?? ''))).toEqual(['', 'first second']);
});

it('a component that reads what is there when it happens to be rendered shows two moments at once', async () => {
  const useNaively = (store: ClientStore): string => {
    const read = (): string => store.shown.runs.get('r1')?.response ?? '';
    const [text, setText] = useState(read);
    useEffect(() => {
      setText(read());
      return store.subscribe(() => setText(read()));
    }, [store]);
    return text;
  };
  expect(await screens(useNaively)).toContain('first |first second');
});

/** The different texts that are on the screen. */
function textsOnScreen(): string {
  return [...new Set([...document.querySelectorAll('p')].map(({ textContent }) => textContent))].join('|');
}

/** Under `act` React does a transition in one go; without, as in a browser. */
async function outsideOfAct(task: () => Promise<void>): Promise<void> {
  const scope = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  const { IS_REACT_ACT_ENVIRONMENT: before = false } = scope;
  scope.IS_REACT_ACT_ENVIRONMENT = false;
  try {
    await task();
  } finally {
    scope.IS_REACT_ACT_ENVIRONMENT = before;
  }
}
