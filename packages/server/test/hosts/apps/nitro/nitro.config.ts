import { defineConfig } from 'nitro';

export default defineConfig({
  serverDir: '.',
  preset: 'node-server',
  features: { websocket: true },
  // Within this repository the packages are taken from their sources; elsewhere what follows is not needed.
  exportConditions: ['@ws/source'],
});
