// Joins class names, leaving out what is false. Knows no styles.

export function classes(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(' ');
}
