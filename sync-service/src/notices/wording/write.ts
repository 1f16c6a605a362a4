import Handlebars from 'handlebars';
import { chineseNumber } from './chinese-number.ts';
import type { Manner, Word, Words } from './language.ts';

/** A mail of this length is no letter any more, and reading it would hold up all others. */
const MOST_CHARS = 50_000;
/** What one mail may take: words, branches and list entries gone through. */
const MOST_STEPS = 20_000;

/** Words and data that come to more than one mail may hold. */
export class TooMuchError extends Error {
  constructor() {
    super(`寫出來的信太長，超過 ${MOST_CHARS} 字`);
  }
}

/** How words and values are written: as plain text, or as HTML. */
export interface Format {
  text(text: string): string;
  link(address: string): string;
  /** A part that this format has a look of its own for; null where it is written like any words. */
  part(name: string): string | null;
  /** A part that stands alone in a line behind blanks: each of its lines stands behind them. */
  setIn(part: string, blanks: string): string;
}

export const PLAIN: Format = {
  text: (text) => text,
  link: (address) => address,
  part: () => null,
  setIn: setInLines,
};

/** Every text is escaped, whoever wrote it. */
export function htmlFormat(part: Format['part']): Format {
  return {
    text: htmlLines,
    link: (address) =>
      /^https?:\/\//u.test(address)
        ? `<a href="${Handlebars.escapeExpression(address)}">${Handlebars.escapeExpression(address)}</a>`
        : htmlLines(address),
    part,
    // HTML shows no blanks at the beginning of a line.
    setIn: (words) => words,
  };
}

function htmlLines(text: string): string {
  return Handlebars.escapeExpression(text).replaceAll(/\r\n?|[\n\u0085\u2028\u2029]/gu, '<br>\n');
}

/**
 * Writes words with the data of one notice. What the data do not have is left out. Each step takes the time of what it
 * writes, and both are counted: whatever words and data are, it ends soon (docs/decisions/0016).
 * @throws TooMuchError
 */
export function writeWords(words: Words, data: object, format: Format): string {
  let [chars, steps] = [0, 0];
  const step = () => {
    steps += 1;
    if (steps > MOST_STEPS) throw new TooMuchError();
  };
  const counted = (piece: string, alreadyCounted = 0) => {
    chars += piece.length - alreadyCounted;
    if (chars > MOST_CHARS) throw new TooMuchError();
    return piece;
  };
  const writeAll = (some: Words, here: unknown, index: number): string =>
    some.map((word) => writeOne(word, here, index)).join('');
  const writeOne = (word: Word, here: unknown, index: number): string => {
    step();
    if (word.kind === 'text') return counted(format.text(word.text));
    if (word.kind === 'value') {
      const text = valueText(here, word.path, word.manner, index);
      return counted(word.manner === 'link' ? format.link(text) : format.text(text));
    }
    if (word.kind === 'part') {
      const part = format.part(word.name);
      if (part !== null) return counted(part);
      const written = writeAll(word.words, here, index);
      return counted(format.setIn(written, word.blanks), written.length);
    }
    const value = valueAt(here, word.path);
    if (word.kind === 'if') return writeAll(holds(value) ? word.body : word.otherwise, here, index);
    if (!holds(value) || !Array.isArray(value)) return writeAll(word.otherwise, here, index);
    return value
      .map((entry, place) => {
        step();
        return writeAll(word.body, entry, place);
      })
      .join('');
  };
  return writeAll(words, data, 0);
}

/** As Handlebars has it: nothing, 0, no and an empty list do not hold. */
function holds(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function valueAt(here: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (value instanceof Object ? Reflect.get(value, name) : undefined),
    here,
  );
}

function valueText(here: unknown, path: readonly string[], manner: Manner, index: number): string {
  if (manner === 'ordinal') return chineseNumber(index + 1);
  const value = valueAt(here, path);
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  return manner === 'indented' ? indented(text) : text;
}

/** Each line set in by two blanks; nothing where there is none. */
export function indented(text: string): string {
  const lines = text ? text.split(/\r?\n/u) : [];
  return lines.map((line) => `　　${line}`).join('\n');
}

function setInLines(part: string, blanks: string): string {
  const lines = part.split('\n');
  // What follows the last line end is the next line's.
  return lines.map((line, at) => (line === '' && at === lines.length - 1 ? line : blanks + line)).join('\n');
}
