import { defineHandler } from 'nitro';
import { server } from '../../agents.ts';

export default defineHandler(({ req }) => server.fetch(req, { basePath: '/agents' }));
