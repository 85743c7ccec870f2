// Words for every error of the contract: a full sentence, the file's own name, never a path of the library and never a code.
import { describe, expect, it } from 'vitest';
import { errorCode } from '@contract/errors.ts';
import { errorInShort, errorLine, errorSentence } from '../../../src-renderer/ui/error-sentences.ts';

describe('error sentences', () => {
  it.each(errorCode.options)('%s is a sentence, with and without data', (code) => {
    const rich = { file: '/home/ada/library/3f/9ac2.tif', reason: 'because', detail: 'detail', width: 30_000, height: 20_000, missing: ['a', 'b'], neededBytes: 5e9, availableBytes: 1e9, model: 'Qwen' };
    for (const data of [{}, rich]) {
      const { what, advice } = errorSentence({ code, data, message: 'raw message' });
      expect(what).toMatch(/^[A-Z“].*[.]$/s);
      expect(advice).toMatch(/^([A-Z].*[.])?$/s);
      expect(`${what} ${advice}`).not.toMatch(/undefined|NaN|\(\)|raw message|\[object/);
      expect(what).not.toContain(code);
    }
  });

  // The engine knows the file by its place in the library; the user knows it by its name.
  it('prefers the name the user gave the file, and shows no folders', () => {
    const error = { code: 'file-truncated', data: { file: '/data/originals/ab/abcdef.png' }, message: '' } as const;
    expect(errorLine(error, '빈 파일.png')).toContain('“빈 파일.png”');
    expect(errorLine(error, '빈 파일.png')).not.toContain('abcdef');
    expect(errorLine({ ...error, data: { file: 'C:\\Users\\Ada\\scan.png' } })).toContain('“scan.png”');
    expect(errorLine({ ...error, data: { file: '' } })).toMatch(/^The file ends/);
  });

  // In a list the name stands over it: said again, the rest of the sentence has no room.
  it('leaves the name out where it stands beside the sentence anyway', () => {
    expect(errorInShort({ code: 'pdf-empty', data: { file: '/data/ab/abc.pdf' }, message: '' }, 'statement.pdf')).toBe('Has no pages.');
    expect(errorInShort({ code: 'pdf-encrypted', data: { passwordGiven: true }, message: '' }, 'statement.pdf')).toBe('The password does not open “statement.pdf”.');
  });

  it('states sizes', () => {
    expect(errorLine({ code: 'image-too-large', data: { width: 30_000, height: 30_000, limitMegapixels: 250 }, message: '' }, 'map.png')).toContain('(30,000 × 30,000 pixels, at most 250 million)');
    expect(errorLine({ code: 'memory-insufficient', data: { neededBytes: 5_200_000_000, availableBytes: 900_000_000 }, message: '' })).toContain('It needs 5.2 GB; 900 MB are available.');
  });
});
