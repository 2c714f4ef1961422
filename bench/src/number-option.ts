/** The number that a command-line option says. Throws a sentence for the person who typed it. */
export function numberOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (value >= min && value <= max) return value;
  throw new Error(`--${name} must be a number from ${min} to ${max}`);
}

/** As {@link numberOption}, for what can only be counted. */
export function wholeOption(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`--${name} must be a whole number from ${min} to ${max}`);
}
