const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const ONE = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

/** `12`, `3.4`, `12,345`: a digit after the point where it says something. */
export function formatNumber(value: number): string {
  return (Math.abs(value) < 10 ? ONE : WHOLE).format(value);
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB'];

export function formatBytes(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${formatNumber(bytes / 1024 ** power)} ${UNITS[power] ?? ''}`;
}

export function formatMs(ms: number): string {
  return `${formatNumber(ms)} ms`;
}

export function formatPerSecond(value: number): string {
  return `${formatNumber(value)} /s`;
}
