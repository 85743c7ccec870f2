// Whether a page says enough to be known again by its text: else its look is asked for, which costs drawing it.

const enoughCharacters = 60;

export function isKnownByText(text: string): boolean {
  return text.replace(/\s+/gu, '').length >= enoughCharacters;
}
