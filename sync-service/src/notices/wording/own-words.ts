import { NOTICE_LABELS, type NoticeKind } from '../types.ts';
import { WORDING_PARTS, type Wording } from '../template-files.ts';
import { plainWords, readWords, type Words } from './language.ts';
import { WordingMistake } from './tags.ts';
import { type Fields, namesOf, variablesOf } from './variables.ts';

/** An office's own words of one notice, read; null for a part that it has not worded. */
export interface OwnWords {
  subject: Words | null;
  body: Words | null;
}

const LONGEST = { subject: 300, body: 10_000 } as const;
const PART_LABELS = { subject: '主旨', body: '內文' } as const;
/** Shared files that an office's words may put in, where their variables are this notice's too. */
const PARTS = ['facts-text', 'domain-advice'];
const NO_PARTS: ReadonlyMap<string, Words> = new Map();

/**
 * @param wording the office's own; a part that is blank was not worded
 * @param shared files of `templates/_shared` by name
 * @returns the words, or the sentence for whoever wrote them: what is wrong, where, and what can be written
 */
export function readOwnWords(
  kind: NoticeKind,
  wording: Wording,
  shared: ReadonlyMap<string, string>,
): { words: OwnWords } | { problem: string } {
  const fields = variablesOf(kind);
  const words: OwnWords = { subject: null, body: null };
  for (const part of WORDING_PARTS) {
    const text = plainWords(wording[part]).trimEnd();
    if (text.trim() === '') continue;
    try {
      if (text.length > LONGEST[part])
        throw new WordingMistake(LONGEST[part], `太長了，請寫成 ${LONGEST[part]} 字以內`);
      words[part] = readWords(text, fields, part === 'body' ? partsOf(fields, shared) : NO_PARTS);
    } catch (error) {
      if (!(error instanceof WordingMistake)) throw error;
      const usable = error.usable || `「${NOTICE_LABELS[kind]}」可用的資料：${namesOf(fields)}。`;
      return { problem: `${PART_LABELS[part]}${placeOf(text, error.index)}：${error.message}。${usable}` };
    }
  }
  return { words };
}

/** Counted as people count: lines and characters from 1. */
function placeOf(text: string, index: number): string {
  const before = text.slice(0, index).split('\n');
  return `第 ${before.length} 行第 ${[...(before.at(-1) ?? '')].length + 1} 個字`;
}

/** The shared files whose variables a notice has. */
function partsOf(fields: Fields, shared: ReadonlyMap<string, string>): ReadonlyMap<string, Words> {
  return new Map(
    PARTS.flatMap((name): [string, Words][] => {
      try {
        return [[name, readWords(shared.get(name) ?? '', fields, NO_PARTS)]];
      } catch (error) {
        if (error instanceof WordingMistake) return [];
        throw error;
      }
    }),
  );
}
