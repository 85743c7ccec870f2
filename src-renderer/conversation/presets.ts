// The questions one asks often, in the words that each family of answerers understands best. Knows wordings only.


import type { AnswererFamily } from '../stores/answerers.ts';

export interface Preset { id: string; name: string; texts: { [F in AnswererFamily]?: string } }

/** `…` marks where the user goes on typing. Without a text for a family the preset is not offered there. */
export const presets: readonly Preset[] = [
  { id: 'read', name: 'Read all', texts: { reader: 'Read all', 'qwen-vl': 'Read all the text in the picture.', other: 'Read all the text in the image, in reading order.' } },
  { id: 'describe', name: 'Describe', texts: { 'qwen-vl': 'Describe the picture in detail.', other: 'Describe this document: what it is, from whom, to whom, and what it says.' } },
  { id: 'find', name: 'Find…', texts: { reader: 'Find …', 'qwen-vl': 'Locate … in the picture and give its box.', other: 'Locate every place that says … and output the bbox coordinates in JSON format.' } },
  { id: 'table', name: 'Table to Markdown', texts: { 'qwen-vl': 'Write the table in the picture as Markdown.', other: 'Convert every table in the image to a Markdown table. Keep all rows and columns and write nothing else.' } },
  { id: 'fields', name: 'Key fields', texts: { reader: 'List all fields', 'qwen-vl': 'List the key fields of this document with their values and boxes.', other: 'Extract the key fields of this document as a Markdown table with the columns Field and Value. Copy values exactly as they are written.' } },
  { id: 'total', name: 'Total', texts: { reader: 'What is the total?' } },
  { id: 'date', name: 'Date', texts: { reader: 'What is the date?' } },
  { id: 'compare', name: 'Compare pages', texts: { 'qwen-vl': 'What is different between Picture 1 and Picture 2?', other: 'Compare the pages: list every difference with the old and the new value, and say on which page each stands.' } },
  { id: 'translate', name: 'Translate…', texts: { 'qwen-vl': 'Translate the text in the picture into English.', other: 'Translate the text in the image into English. Keep its structure.' } },
];
