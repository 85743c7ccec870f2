// The passwords of encrypted documents, for as long as the program runs: never written anywhere. One that opened a document is tried on the
// others, so that a folder of statements asks once. Knows no document.

export interface Passwords {
  of(documentId: string): string | undefined;
  keep(documentId: string, password: string): void;
  /** It was wrong. */
  forget(documentId: string): void;
  /** The document's password opened it; true when no document was opened with it before. */
  proved(documentId: string): boolean;
  /** Those that opened a document, the latest first. */
  known(): readonly string[];
}

export function createPasswords(): Passwords {
  const kept = new Map<string, string>();
  const known: string[] = [];
  return {
    of: (documentId) => kept.get(documentId),
    keep: (documentId, password) => void kept.set(documentId, password),
    forget: (documentId) => void kept.delete(documentId),
    proved(documentId) {
      const password = kept.get(documentId);
      if (password === undefined || known.includes(password)) return false;
      known.unshift(password);
      return true;
    },
    known: () => known,
  };
}
