import { getManager } from '@ws/compat';

export const managers = [getManager];
