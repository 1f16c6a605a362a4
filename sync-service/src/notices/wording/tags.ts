/** What is wrong with an office's words, and where. */
export class WordingMistake extends Error {
  /** Place in the text, from 0. */
  readonly index: number;
  /** What can be written there. */
  readonly usable: string;
  constructor(index: number, sentence: string, usable = '') {
    super(sentence);
    this.index = index;
    this.usable = usable;
  }
}

/** One {{…}}. */
export interface Tag {
  index: number;
  /** With its braces. */
  written: string;
  /** What stands in it, without blanks and ~ at its ends. */
  inner: string;
}

const MOST_TAGS = 300;
const LONGEST_TAG = 100;

const TWO_BRACES = '大括號請用兩層，例如 {{caseNumber}}';

/**
 * Finds each {{…}} and sees that braces and blocks are closed, so that a mistake is told where it was made and not where
 * a parser gives up.
 * @throws WordingMistake
 */
export function scanTags(text: string): Tag[] {
  const wide = /｛\s*｛|｛\{|\{｛/u.exec(text);
  if (wide) throw new WordingMistake(wide.index, '大括號請用半形的 {{ 與 }}');
  const tags: Tag[] = [];
  let end = 0;
  for (;;) {
    const index = text.indexOf('{{', end);
    const stray = text.slice(end, index < 0 ? undefined : index).indexOf('}}');
    if (stray >= 0) throw new WordingMistake(end + stray, '這裡多了 }}，前面沒有 {{');
    if (index < 0) break;
    const tag = tagAt(text, index);
    tags.push(tag);
    if (tags.length > MOST_TAGS) throw new WordingMistake(index, `大括號太多了，請少於 ${MOST_TAGS} 個`);
    end = index + tag.written.length;
  }
  closeBlocks(tags);
  return tags;
}

function tagAt(text: string, index: number): Tag {
  if (text[index + 2] === '{' || text[index - 1] === '{') throw new WordingMistake(index, TWO_BRACES);
  if (text[index - 1] === '\\') throw new WordingMistake(index - 1, '{{ 前面不能有反斜線');
  const close = text.indexOf('}}', index);
  const next = text.indexOf('{{', index + 2);
  if (close < 0 || (next >= 0 && next < close))
    throw new WordingMistake(index, '大括號沒有寫完：這裡有 {{，後面沒有 }}');
  if (text[close + 2] === '}') throw new WordingMistake(index, TWO_BRACES);
  const written = text.slice(index, close + 2);
  if (written.length > LONGEST_TAG) throw new WordingMistake(index, '大括號裡寫得太長了');
  const inner = written.slice(2, -2).replace(/^\s*~?\s*|\s*~?\s*$/gu, '');
  if (inner === '') throw new WordingMistake(index, '大括號裡沒有寫東西');
  if (inner.startsWith('&')) throw new WordingMistake(index, TWO_BRACES);
  if (inner.startsWith('!')) throw new WordingMistake(index, '範本裡不能寫註解');
  if (inner.startsWith('^')) throw new WordingMistake(index, '不能寫 ^，請寫 {{else}}');
  return { index, written, inner };
}

/** @throws WordingMistake where a block is not closed, or closed by another one's end */
function closeBlocks(tags: readonly Tag[]) {
  const open: (Tag & { name: string })[] = [];
  for (const tag of tags) {
    const [, sign = '', name = ''] = /^([#/]?)\s*(\S*)/u.exec(tag.inner) ?? [];
    if (sign === '#') open.push({ ...tag, name });
    else if (sign === '/') {
      const opened = open.pop();
      if (!opened) throw new WordingMistake(tag.index, `${tag.written} 前面沒有 {{#${shorten(name)} …}}`);
      if (opened.name !== name)
        throw new WordingMistake(
          tag.index,
          `這裡要結尾的是 ${opened.written}，應寫 {{/${shorten(opened.name)}}}，不是 ${tag.written}`,
        );
    } else if (name === 'else' && open.length === 0)
      throw new WordingMistake(tag.index, '{{else}} 只能寫在 {{#if …}} 或 {{#each …}} 裡');
  }
  const left = open.at(-1);
  if (left) throw new WordingMistake(left.index, `${left.written} 沒有結尾 {{/${shorten(left.name)}}}`);
}

export function shorten(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
