import { agentHooks } from '@ws/server/crossws';
import { defineWebSocketHandler } from 'nitro';
import { server } from '../../agents.ts';

export default defineWebSocketHandler(agentHooks(server));
