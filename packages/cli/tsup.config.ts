import { cpSync } from 'node:fs';
import { defineConfig } from 'tsup';

// The service is no package of its own: it is built into the command, with the inspector beside it. What it depends on stands in the
// package.json of the command as well; a test compares both.
export default defineConfig({
  entry: { main: 'src/main.ts' },
  format: ['esm'],
  target: 'node22',
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false,
  noExternal: ['@ws/service'],
  async onSuccess() {
    cpSync('../../apps/inspector/dist', 'dist/pages/inspector', {
      recursive: true,
      filter: (path) => !path.endsWith('.map'),
    });
  },
});
