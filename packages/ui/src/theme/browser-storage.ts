/** `localStorage`, or a memory of the page where the browser refuses it (cookies blocked). */
export const browserStorage: Pick<Storage, 'getItem' | 'setItem'> = openStorage();

function openStorage(): Pick<Storage, 'getItem' | 'setItem'> {
  try {
    localStorage.getItem('');
    return localStorage;
  } catch {
    const memory = new Map<string, string>();
    return {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => memory.set(key, value),
    };
  }
}
