import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

// `pnpm dev` serves the page itself; the rest comes from a server that runs beside it.
const server = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: {
    // The sources of @ws/react have React from the page: an install of what the service needs gives them none of their own.
    dedupe: ['react', 'react-dom'],
    conditions: ['@ws/source', ...defaultClientConditions],
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    target: 'es2023',
    // The styles use `light-dark()` and `oklch()` as they are.
    cssTarget: ['chrome123', 'firefox128', 'safari17.5'],
  },
  server: {
    proxy: {
      '/ws': { target: server, ws: true },
      '/dev': server,
      '/v1': server,
    },
  },
});
