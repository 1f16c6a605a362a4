import { fontFileOf, readFont } from './fonts.ts';

export const SIZE = 10;
/** How far below the top of a line its letters stand, in sizes. Fonts disagree about where a line begins. */
const BASELINE = 0.88;

/** Writes drawable text with whatever fonts its characters are in. */
export interface Pen {
  write(text: string, left: number, top: number, size: number): void;
  /** How wide the text is, written at that size. */
  width(text: string, size: number): number;
  /** The text in lines of at most `width` points at the usual size. No more than `most`: the last then ends in an ellipsis. */
  wrap(text: string, width: number, most: number): string[];
}

/** Loads the fonts of every character that will be written: `texts` is all text that the pen may be asked to write. */
export async function createPen(document: PDFKit.PDFDocument, texts: Iterable<string>): Promise<Pen> {
  const known = new Set<string>();
  for (const char of new Set([...texts].join(''))) {
    const file = fontFileOf(char);
    if (!file || known.has(file)) continue;
    known.add(file);
    document.registerFont(file, await readFont(file));
  }
  const widths = new Map<string, number>();
  const widthOf = (char: string) => {
    const width =
      widths.get(char) ??
      document
        .font(fontFileOf(char) ?? '')
        .fontSize(SIZE)
        .widthOfString(char);
    widths.set(char, width);
    return width;
  };
  return {
    write(text, left, top, size) {
      let x = left;
      document.fillColor('#000000');
      for (const run of runsOf(text)) {
        document.font(run.file).fontSize(size);
        document.text(run.text, x, top + BASELINE * size, { lineBreak: false, baseline: 'alphabetic' });
        x += document.widthOfString(run.text);
      }
    },
    width(text, size) {
      return ([...text].reduce((sum, char) => sum + widthOf(char), 0) / SIZE) * size;
    },
    wrap(text, width, most) {
      const lines: string[] = [];
      let line = '';
      let used = 0;
      for (const char of text) {
        const needed = widthOf(char);
        if (used > 0 && used + needed > width) {
          if (lines.length + 1 === most) return [...lines, `${[...line].slice(0, -1).join('')}…`];
          lines.push(line);
          line = '';
          used = 0;
        }
        line += char;
        used += needed;
      }
      return [...lines, line];
    },
  };
}

/** Neighbours in the same font are written at once, so that the text can be searched and copied. */
function runsOf(text: string): { file: string; text: string }[] {
  const runs: { file: string; text: string }[] = [];
  for (const char of text) {
    const file = fontFileOf(char) ?? '';
    const last = runs.at(-1);
    if (last?.file === file) last.text += char;
    else runs.push({ file, text: char });
  }
  return runs;
}
