// Amounts of data as people read them: in thousands, one decimal while it says something.

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export function byteWords(value: number): string {
  let size = value;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) { size /= 1000; unit++; }
  return `${unit === 0 || size >= 100 ? Math.round(size) : size.toFixed(1)} ${units[unit]}`;
}
