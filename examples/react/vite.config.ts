import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// `pnpm dev` serves the page itself; the rest comes from a server that runs beside it.
const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  // Within this repository the packages are taken from their sources; elsewhere this line is not needed.
  resolve: { conditions: ['@ws/source', ...defaultClientConditions] },
  server: { proxy: { '/ws': { target: server, ws: true, changeOrigin: true }, '/dev': server, '/v1': server } },
});
