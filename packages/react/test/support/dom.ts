// A page for the tests of a file that imports this first. Only what React and Testing Library ask for becomes global: under the whole of
// jsdom the real service, which runs beside in this process, would find arrays and signals of another kind than those of Node.
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true, url: 'http://page.test/' });

const globals = {
  window,
  document: window.document,
  requestAnimationFrame: window.requestAnimationFrame.bind(window),
  cancelAnimationFrame: window.cancelAnimationFrame.bind(window),
};

for (const [name, value] of Object.entries(globals)) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
