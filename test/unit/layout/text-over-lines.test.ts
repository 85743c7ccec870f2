// A text that another reader wrote down is laid on the lines it was printed in. The bugs: one word more or less shifts all lines after
// it; a word is torn in two; a line that the reader passed over takes its neighbour's text.
import { expect, test } from 'vitest';
import { textOverLines } from '../../../src-main/layout/text-over-lines.ts';

const printed = ['The harb0ur office opens', 'at seven every morn', 'except on Sundays.'];

test('one line of text for each printed line: taken as they are', () => {
  expect(textOverLines(printed, 'The harbour office opens\n\n at seven every morning \nexcept on Sundays.')).toEqual(['The harbour office opens', 'at seven every morning', 'except on Sundays.']);
});

test('running text is broken where the print is, whatever else was read', () => {
  expect(textOverLines(printed, 'The harbour office opens at seven every morning except on Sundays.')).toEqual(['The harbour office opens', 'at seven every morning', 'except on Sundays.']);
  expect(textOverLines(printed, 'Our harbour and customs office opens at 7 every morn, except on Sundays.')).toEqual(['Our harbour and customs office opens', 'at 7 every morn,', 'except on Sundays.']);
});

test('a line that the text leaves out stays empty', () => {
  expect(textOverLines(printed, 'The harbour office opens except on Sundays.')).toEqual(['The harbour office opens', '', 'except on Sundays.']);
});

test('text without spaces is parted between characters', () => {
  expect(textOverLines(['港湾事務所は', '七時に開く'], '港湾事務所は七時に開く')).toEqual(['港湾事務所は', '七時に開く']);
});

test('thousands of characters are laid out by length, at once', () => {
  const long = Array.from({ length: 120 }, (_, at) => `line ${at} ${'word '.repeat(10)}end`);
  const laid = textOverLines(long, long.join(' '));
  expect(laid).toHaveLength(120);
  expect(laid.join(' ').split(/\s+/)).toHaveLength(long.join(' ').split(/\s+/).length);
});
