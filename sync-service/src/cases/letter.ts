import { z } from 'zod';

/** What the words of a letter may name, as {{count}}, with what an office reads of it. */
export const LETTER_VARIABLES = {
  program: '計畫名稱',
  year: '製作名冊那天的年度，例如 109',
  nth: '該單位的第幾批',
  batch: '批次編號，例如 TN109-函1',
  count: '件數',
  schoolYears: '證書取得學年度，例如 98至105；都沒有填時為「未載明」',
  receiver: '受文者；沒有設定時是下一個審核單位',
  queue: '下一個審核單位在待審清單上的名稱；沒有下一個單位時空白',
  checkColumn: '名冊最後一欄的標題',
  roster: '名冊的標題；只用於主旨和說明',
} as const;
export type LetterVariable = keyof typeof LETTER_VARIABLES;

const NAMED = /\{\{\s*([^{}]*?)\s*\}\}/gu;

function namedIn(words: string): string[] {
  return [...words.matchAll(NAMED)].map(([, name = '']) => name);
}

/** Words of a letter that name nothing unknown. */
export function letterWords(...without: LetterVariable[]) {
  const known = Object.keys(LETTER_VARIABLES).filter((name) => !without.some((each) => each === name));
  return z.string().superRefine((words, context) => {
    const wrong = namedIn(words).filter((name) => !known.includes(name));
    // What is left over of a bracket would stand in the letter.
    const broken = /[{}]/u.test(words.replace(NAMED, ''));
    if (wrong.length === 0 && !broken) return;
    const what =
      wrong.length > 0 ? `沒有名為${wrong.map((name) => `「${name}」`).join('')}的變數` : '大括號不成對';
    context.addIssue({
      code: 'custom',
      message: `${what}，可用 ${known.map((name) => `{{${name}}}`).join('、')}`,
    });
  });
}

/** The words with what they name. A blank one leaves nothing. */
export function fillLetter(words: string, values: Partial<Record<LetterVariable, string>>): string {
  return words.replace(NAMED, (_all, name: LetterVariable) => values[name] ?? '');
}

/** A sentence that names what this letter does not have would tell nothing. */
export function namesNothing(words: string, values: Partial<Record<LetterVariable, string>>): boolean {
  return namedIn(words).some((name) => !values[name as LetterVariable]);
}
