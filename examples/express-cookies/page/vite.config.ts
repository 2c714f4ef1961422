import { defaultClientConditions, defineConfig } from 'vite';

// Within this repository the packages are taken from their sources; elsewhere this file is not needed.
export default defineConfig({ resolve: { conditions: ['@ws/source', ...defaultClientConditions] } });
