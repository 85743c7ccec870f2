// The passwords of encrypted documents, for as long as the program runs: never written anywhere. Knows no document.

export interface Passwords {
  of(documentId: string): string | undefined;
  keep(documentId: string, password: string): void;
  /** It was wrong. */
  forget(documentId: string): void;
}

export function createPasswords(): Passwords {
  const kept = new Map<string, string>();
  return {
    of: (documentId) => kept.get(documentId),
    keep: (documentId, password) => void kept.set(documentId, password),
    forget: (documentId) => void kept.delete(documentId),
  };
}
