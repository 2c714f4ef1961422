import { useCallback, useState } from 'react';
import { keepAdminKey, readAdminKey } from '../access/admin-key.ts';
import { KeyGate } from '../access/key-gate.tsx';
import { Workspace } from './workspace.tsx';

export function App() {
  const [key, setKey] = useState(readAdminKey);
  const [notice, setNotice] = useState<string | null>(null);

  const enter = useCallback((next: string) => {
    keepAdminKey(next);
    setNotice(null);
    setKey(next);
  }, []);
  const leave = useCallback((why: string | null) => {
    keepAdminKey(null);
    setNotice(why);
    setKey(null);
  }, []);

  if (key === null) return <KeyGate notice={notice} onKey={enter} />;
  return <Workspace adminKey={key} onLeave={leave} />;
}
