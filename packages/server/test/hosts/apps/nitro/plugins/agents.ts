import { definePlugin } from 'nitro';
import { server } from '../agents.ts';

export default definePlugin(({ hooks }) => void hooks.hook('close', () => server.close()));
