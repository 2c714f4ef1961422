import ws from '@ws/eslint-plugin';

export default [ws.configs.recommended];
