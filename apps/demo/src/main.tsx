import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './theme/tokens.css';
import './theme/base.css';
import { App } from './app/app.tsx';
import { browserStorage } from './session/browser-storage.ts';
import { applyThemeChoice, readThemeChoice } from './theme/theme-choice.ts';

applyThemeChoice(readThemeChoice(browserStorage), browserStorage);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
