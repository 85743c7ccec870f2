// Seals secrets with the system's key store, where there is one. Keeps nothing itself.
import { safeStorage } from 'electron';

export interface KeyVault {
  /** False where the system has no key store: what is sealed there would lie open on the disk. */
  canSeal(): boolean;
  seal(secret: string): string;
  /** Null when it was sealed by another user or machine. */
  open(sealed: string): string | null;
}

export function systemKeyVault(): KeyVault {
  return {
    canSeal: () => safeStorage.isEncryptionAvailable() && (process.platform !== 'linux' || !['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend())),
    seal: (secret) => safeStorage.encryptString(secret).toString('base64'),
    open(sealed) {
      try {
        return safeStorage.decryptString(Buffer.from(sealed, 'base64'));
      } catch {
        return null;
      }
    },
  };
}
