import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PublicError } from '../../../contract/public-error.ts';
import { NOTICE_SCHEMAS, type NoticeKind } from './types.ts';

const FOLDER = fileURLToPath(new URL('../../../templates/', import.meta.url));
const SHARED = join(FOLDER, '_shared');

/** A template that does not compile or does not render. The message says which file and why. */
export class TemplateError extends PublicError {
  constructor(sentence: string) {
    super({
      sentence: `${sentence}。`,
      remedy: '請改正範本；變數寫成 {{caseNumber}}，可用的列在同一資料夾的 schema.json。',
      english: 'A notice template cannot be used; its folder has the variables in schema.json.',
    });
  }
}

/** The words of one notice. */
export interface TemplateSource {
  subject: string;
  text: string;
  html: string;
}

/** @throws TemplateError where a file is missing */
export function readTemplate(kind: NoticeKind): TemplateSource {
  const read = (file: string) => {
    const path = join(FOLDER, kind, file);
    if (!existsSync(path)) throw new TemplateError(`缺少範本檔 ${path}`);
    return readFileSync(path, 'utf8');
  };
  return { subject: read('subject.hbs').trim(), text: read('text.hbs'), html: read('html.hbs') };
}

/** The sample data that a kind's template must render. */
export function readSample(kind: NoticeKind): object {
  return NOTICE_SCHEMAS[kind].parse(JSON.parse(readFileSync(join(FOLDER, kind, 'sample.json'), 'utf8')));
}

/** What the templates put in by name: file names without their ending. */
export function readShared(): Map<string, string> {
  const files = readdirSync(SHARED).filter((name) => name.endsWith('.hbs'));
  return new Map(files.map((file) => [file.slice(0, -4), readFileSync(join(SHARED, file), 'utf8')]));
}

/** CSS rules for the elements of a mail. */
export function readStyles(): string {
  const styles = JSON.parse(readFileSync(join(SHARED, 'styles.json'), 'utf8')) as Record<string, string>;
  return Object.entries(styles)
    .map(([selector, rules]) => `${selector}{${rules}}`)
    .join('\n');
}

/** What an office may word by itself; a part that is blank is the original one. */
export interface Wording {
  subject: string;
  /** Paragraphs, with a blank line between. */
  body: string;
}
export const WORDING_PARTS = ['subject', 'body'] as const;

const FRAME_START = /^\{\{#> layout-text\}\}\n/u;
const FRAME_END = /\n\{\{\/layout-text\}\}\s*$/u;

/** The words that come with the software, without the shared frame. */
export function originalWords({ subject, text }: TemplateSource): Wording {
  return { subject, body: text.replace(FRAME_START, '').replace(FRAME_END, '').trim() };
}

/** The original words of every release, as hashes: earlier ones had them typed into each office's cells. */
export const ORIGINALS_FILE = 'templates/_shared/original-words.json';
export type KnownOriginals = Partial<Record<NoticeKind, Record<keyof Wording, readonly string[]>>>;

export function readKnownOriginals(): KnownOriginals {
  return JSON.parse(readFileSync(join(SHARED, 'original-words.json'), 'utf8'));
}

export function hashOfWords(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n').trim()).digest('hex').slice(0, 16);
}
