import { bareTitleKey, titleKey } from './titles.ts';

/** A column that a reader asks for. */
export interface WantedColumn<Key extends string = string> {
  key: Key;
  /** Titles that mean it, the usual one first. */
  titles: readonly string[];
  required?: boolean;
  /** Also a longer title will do that contains one of these, but for those that match: 教師姓名 for 姓名, not 承辦人姓名. */
  containedUnless?: RegExp;
  /** Of several columns of one title the last that says anything counts, not the first. */
  lastCounts?: boolean;
}

/** Several titles would do equally well, so none is taken. */
export interface UnclearColumn {
  /** The usual title of what was asked for. */
  title: string;
  candidates: string[];
  required: boolean;
}

export interface Placed<Key extends string> {
  /** Where each column stands; several places where they bear one title, the one that counts first. */
  columns: Map<Key, number[]>;
  unclear: UnclearColumn[];
  /** The more, the more likely it is that these are titles. */
  score: number;
}

interface Title {
  at: number;
  text: string;
  key: string;
  bare: string;
}

/** Ways to say a title, the surest first; each is tried for all columns before the next one. */
const WAYS: readonly { score: number; says(title: Title, wanted: string, column: WantedColumn): boolean }[] =
  [
    { score: 3, says: ({ key }, wanted) => key === titleKey(wanted) },
    { score: 3, says: ({ key, bare }, wanted) => bare === titleKey(wanted) || key === bareTitleKey(wanted) },
    { score: 1, says: ({ key, bare }, wanted, column) => contains(column, bare, wanted) && key === bare },
    { score: 1, says: ({ bare }, wanted, column) => contains(column, bare, wanted) },
  ];

function contains({ containedUnless }: WantedColumn, key: string, wanted: string): boolean {
  return containedUnless !== undefined && key.includes(titleKey(wanted)) && !containedUnless.test(key);
}

/**
 * Which column of a row of titles is which. A title that says exactly what is asked for is never beaten by one that
 * contains it, wherever they stand: 電子郵件 by 承辦人電子郵件, 證書字號 by 身分證字號.
 */
export function placeColumns<Key extends string>(
  cells: readonly string[],
  wanted: readonly WantedColumn<Key>[],
): Placed<Key> {
  const placed: Placed<Key> = { columns: new Map(), unclear: [], score: 0 };
  let free = cells.flatMap((text, at): Title[] =>
    text.trim() === '' ? [] : [{ at, text: text.trim(), key: titleKey(text), bare: bareTitleKey(text) }],
  );
  const open = new Set(wanted);
  for (const way of WAYS)
    for (const column of open) {
      const alike = firstNamed(column, (title) => free.filter((each) => way.says(each, title, column)));
      if (alike.length === 0) continue;
      open.delete(column);
      const places = alike.map(({ at }) => at);
      if (new Set(alike.map(({ key }) => key)).size > 1) {
        const [title = ''] = column.titles;
        placed.unclear.push({
          title,
          candidates: alike.map(({ text }) => text),
          required: column.required === true,
        });
        continue;
      }
      placed.columns.set(column.key, column.lastCounts ? places.toReversed() : places);
      placed.score += way.score;
      free = free.filter((each) => !alike.includes(each));
    }
  return placed;
}

function firstNamed(column: WantedColumn, find: (title: string) => Title[]): Title[] {
  for (const title of column.titles) {
    const found = find(title);
    if (found.length > 0) return found;
  }
  return [];
}
