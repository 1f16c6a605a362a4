import type { Random } from '../../chaos/random.ts';
import { blankInside, typed } from './texts.ts';

/** One certificate as it is, `id` being what two typings of it have in common; null where it names none. */
export interface Certificate {
  id: string | null;
  head: string;
  number: string;
  usual: boolean;
}
const HEADS = ['臺教師(三)', '南市教專', '臺教師(三)', '教中(三)'] as const;
const VAGUE = ['忘記了', '不記得', '無', '遺失', '沒有號碼'] as const;
const UNUSUAL = ['NO.12345', '12345', 'A-107-33', '第5號', '南市教專第5號', '字第號'] as const;

export function certificate(random: Random, id: number, year: number): Certificate {
  const roll = random.between(1, 100);
  if (roll <= 4) return { id: null, head: '', number: random.one(VAGUE), usual: false };
  if (roll <= 8) {
    const number = random.one(UNUSUAL);
    return { id: /\d/u.test(number) ? number : null, head: '', number, usual: false };
  }
  const head = random.one(HEADS);
  const number = `${year}${String(id).padStart(7, '0')}${random.one(['', '', 'B', 'D'])}`;
  return { id: `${head}${number}`, head, number, usual: true };
}

const BRACKETS = [
  ['(', ')'],
  ['（', '）'],
  ['〔', '〕'],
  ['【', '】'],
  ['[', ']'],
  ['﹝', '﹞'],
  ['〈', '〉'],
] as const;

/** The same number by another hand. */
export function numberText(random: Random, { head, number, usual }: Certificate): string {
  if (!usual) return typed(random, number);
  const [open, close] = random.one(BRACKETS);
  const plain = `${head.replace('(', open).replace(')', close)}字第${number}號`;
  const other = random.one([
    plain,
    plain,
    plain,
    plain.replace('臺', '台'),
    plain.replace('號', '号'),
    plain.replace('第', '第 '),
    blankInside(random, plain),
    plain.toLowerCase(),
    `${plain}。`,
  ]);
  return typed(random, other);
}

export const NO_NUMBER = ['', ' ', '　', '-', '\u200b', '—'] as const;
