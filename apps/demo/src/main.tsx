import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { applyThemeChoice, browserStorage, readThemeChoice } from '@ws/ui';
import '@ws/ui/theme.css';
import { App } from './app/app.tsx';

applyThemeChoice(readThemeChoice(browserStorage), browserStorage);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id "root"');

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
