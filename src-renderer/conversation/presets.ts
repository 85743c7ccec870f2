// The questions one asks often, in the words that each family of answerers understands best. Knows wordings only.
import type { Settings } from '@contract/settings.ts';
import type { AnswererFamily } from '../stores/answerers.ts';

export interface NamedQuestion { name: string; text: string }

/** `…` marks where the user goes on typing. The built-in reader knows a few plain requests; models were trained on certain wordings. */
const own: Record<AnswererFamily, readonly NamedQuestion[]> = {
  reader: [
    { name: 'Read all', text: 'Read all' },
    { name: 'Key fields', text: 'List all fields' },
    { name: 'Find…', text: 'Find …' },
    { name: 'Total', text: 'What is the total?' },
    { name: 'Date', text: 'What is the date?' },
    { name: 'Pages that mention…', text: 'How many pages mention …?' },
  ],
  'qwen-vl': [
    { name: 'Read all', text: 'Read all the text in the picture.' },
    { name: 'Describe', text: 'Describe the picture in detail.' },
    { name: 'Find…', text: 'Locate … in the picture and give its box.' },
    { name: 'Table to Markdown', text: 'Write the table in the picture as Markdown.' },
    { name: 'Key fields', text: 'List the key fields of this document with their values and boxes.' },
    { name: 'Compare pages', text: 'What is different between Picture 1 and Picture 2?' },
    { name: 'Translate…', text: 'Translate the text in the picture into English.' },
  ],
  other: [
    { name: 'Read all', text: 'Read all the text in the image, in reading order.' },
    { name: 'Describe', text: 'Describe this document: what it is, from whom, to whom, and what it says.' },
    { name: 'Find…', text: 'Locate every place that says … and output the bbox coordinates in JSON format.' },
    { name: 'Table to Markdown', text: 'Convert every table in the image to a Markdown table. Keep all rows and columns and write nothing else.' },
    { name: 'Key fields', text: 'Extract the key fields of this document as a Markdown table with the columns Field and Value. Copy values exactly as they are written.' },
    { name: 'Compare pages', text: 'Compare the pages: list every difference with the old and the new value, and say on which page each stands.' },
    { name: 'Translate…', text: 'Translate the text in the image into English. Keep its structure.' },
  ],
};

export function ownPresets(family: AnswererFamily): readonly NamedQuestion[] {
  return own[family];
}

/** The user's own list for a family where there is one. */
export function presetsFor(family: AnswererFamily, stored: Settings['presets']): readonly NamedQuestion[] {
  return stored[family] ?? own[family];
}
