import { beforeEach, vi } from 'vitest';

/** The tests run with --throw-deprecation; what the warnings are like is tested in processes of their own. */
export function quietWarnings(): void {
  beforeEach(() => {
    vi.stubEnv('WS_COMPAT_WARNINGS', 'off');
    return () => void vi.unstubAllEnvs();
  });
}
