// The words for what the reader has to say about a page: its notes, and the stage a reading is in.
import type { PageNote, TextSource } from '@contract/document.ts';
import type { JobStage } from '@contract/job.ts';

const times = (factor: number): string => `${factor < 10 ? factor.toFixed(1).replace(/\.0$/, '') : Math.round(factor)}×`;

/** A few words for the status line, and a sentence that explains them. */
export function noteSentence(note: PageNote): { short: string; long: string } {
  switch (note.kind) {
    case 'display-reduced': return { short: 'Shown smaller', long: `The page is shown at ${note.width.toLocaleString('en')} × ${note.height.toLocaleString('en')} pixels to save memory. It was read at its full size.` };
    case 'enlarged': return { short: `Enlarged ${times(note.factor)}`, long: `The text is small, so the page was enlarged ${times(note.factor)} for reading.` };
    case 'tiled': return { short: `${note.tiles} tiles`, long: `The page is large, so it was read in ${note.tiles} overlapping tiles at full resolution.` };
    case 'reduced': return { short: `Reduced to ${Math.round((note.factor > 1 ? 1 / note.factor : note.factor) * 100)} %`, long: 'The page was read at a reduced size. Very small text may have been missed.' };
    case 'blank': return { short: 'Blank', long: 'The page is blank.' };
    case 'animation': return { short: `1 of ${note.frames} frames`, long: `This is an animation of ${note.frames} frames. Only the first one is read.` };
    case 'damaged': return { short: 'Damaged', long: `The file is damaged; what could be decoded was read. ${note.detail}` };
  }
}

const whyRecognised: Record<NonNullable<TextSource['reason']>, string> = {
  none: 'The PDF holds no text of its own on this page, so it was read from the picture.',
  unmapped: 'The PDF does not say which letters its glyphs stand for, so the page was read from the picture.',
  'no-ink': 'The PDF’s own text does not lie where the page shows text, so the page was read from the picture.',
  differs: 'The PDF’s own text is not what the page shows, so the page was read from the picture.',
  outside: 'The PDF’s own text was taken, and what else the picture shows was read.',
};

/** Which road a PDF page's text took, and why. */
export function sourceSentence({ road, reason }: TextSource): { short: string; long: string } {
  if (road === 'text-layer') return { short: 'PDF text', long: 'The text is the PDF’s own. It was checked against the picture of the page.' };
  const long = reason === null ? 'The page was read from its picture.' : whyRecognised[reason];
  return { short: road === 'both' ? 'PDF text + read' : 'Read from picture', long };
}

const stages: Record<JobStage, string> = {
  waiting: 'Waiting', decoding: 'Opening the picture', detecting: 'Finding text', orienting: 'Turning upright', recognising: 'Reading text',
  arranging: 'Putting in order', writing: 'Saving', loading: 'Loading the model', compiling: 'Compiling', downloading: 'Downloading', prefilling: 'Thinking', generating: 'Writing', comparing: 'Comparing',
};

export function stageWords(stage: JobStage): string {
  return stages[stage];
}

export function durationWords(ms: number): string {
  return ms < 950 ? `${Math.max(10, Math.round(ms / 10) * 10)} ms` : ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`;
}
