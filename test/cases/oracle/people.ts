import type { Random } from '../../chaos/random.ts';
import { blankInside, typed } from './texts.ts';

/** For private use: an office has made it itself. */
export const OWN = '\ue5e5';

export interface Person {
  id: number;
  name: string;
}
const SURNAMES = [...'陳林黃張李王吳劉蔡楊許鄭謝郭洪曾邱廖賴周', '張簡', '范姜', '歐陽'];
const GIVEN = [...'雅婷怡君家豪志明淑芬俊宏佳穎品妤冠宇', '臺生', 'Ｊ', '𠮷', '喆', '長西', '黃'];
/** Ideographs of many blocks, one of an office's own among them. */
const RARE = ['𤧟', '𡍼', '琔', '㐱', '勲', '𫝀', '𬀩', '𪚥', '\u{30000}', '\u{31350}', '\u{2ebf0}', OWN];
const PARTS = ['吉娃斯', '巴萬', '撒韵', '武荖', '谷辣斯', '尤達卡', '娃丹', '夏曼'];
const DOTS = ['·', '．', '・', '‧', '•', ' ', '.', ''] as const;

/** No two persons of one run share a name: each bears its own number, written in characters. */
export function person(random: Random, id: number): Person {
  const tail = [...String(id)].map((d) => '零壹貳參肆伍陸柒捌玖'.charAt(Number(d))).join('');
  if (random.chance(0.12)) return { id, name: `${random.one(PARTS)}·${random.one(PARTS)}${tail}` };
  if (random.chance(0.05)) return { id, name: `John Smith${tail}` };
  const given = random.one(random.chance(0.1) ? RARE : GIVEN);
  return { id, name: `${random.one(SURNAMES)}${given}${tail}` };
}

/** The same name by another hand. */
export function nameText(random: Random, { name }: Person): string {
  const dotted = name.replace('·', () => random.one(DOTS));
  // As a PDF gives them back.
  const copied = random.chance(0.2)
    ? dotted
        .replace('長', '⻑')
        .replace('西', '⻄')
        .replace('黃', random.one(['⻩', '黄', '⿈']))
    : dotted;
  const text = random.chance(0.1) ? blankInside(random, copied) : copied;
  return typed(random, random.chance(0.05) ? text.toUpperCase() : text);
}

/** What a file in Big5 has left of a name: another one, for whoever compares names. Null where nothing was lost. */
export function spoilt({ id, name }: Person): Person | null {
  const left = name.replace('𠮷', '??').replace('喆', '?');
  return left === name ? null : { id: -id, name: left };
}

export const NO_NAME = ['', ' ', '　', '-', '\u200b', '。', '\n'] as const;

export type MailExpectation = 'fine' | 'discouraged' | 'missing' | 'invalid' | 'unclear' | 'slip';
const MAILS: Record<MailExpectation, readonly string[]> = {
  fine: [
    't1@gmail.com',
    'KEN@OUTLOOK.COM',
    'a.b-c+d@ms.tyc.edu.tw',
    "o'brien@yahoo.com.tw",
    'ntn@ntn.edu.tw',
    'a@xtn.edu.tw',
    'tn.edu.tw@gmail.com',
    'x_y@tn.edu',
    '123@mail.example.museum',
    'a@tn.edu.tw.example.org',
  ],
  discouraged: ['t1@tn.edu.tw', 'T2@TN.EDU.TW', 'x@mail.tn.edu.tw', 'a.b@Tn.Edu.Tw'],
  missing: ['', ' ', '　', '\u200b', '\n'],
  unclear: [
    'a@gmail.com, b@gmail.com',
    '<a@gmail.com>',
    'a@gmail.com;',
    '王小明 <a@gmail.com>',
    'mailto:a@gmail.com',
    'a@gmail.com。',
    'a@tn.edu.tw、b@gmail.com',
    '信箱：a@gmail.com',
    'a@gmail.com b@',
  ],
  slip: ['a@gmial.con', 'A@GMAIL.CON', 'x@yaho.com.tw', 'b@hotmial.com', 'c@school.example.con'],
  invalid: [
    'a@yahoo.com,tw',
    '無',
    'amy@',
    '@gmail.com',
    'a b@gmail.com',
    'teacher.gmail.com',
    'amy@gmail',
    'amy@@gmail.com',
    'a@gmail..com',
    'a@-x.com',
    '.a@gmail.com',
    'a.@gmail.com',
    '王小明@gmail.com',
    'a@b.c',
    '-',
    '沒有',
    'a@gmail,com',
    'a@gmail.com b',
    '=1+1',
    'http://a@gmail.com/',
    'a@127.0.0.1',
  ],
};

export function mail(random: Random): { text: string; means: MailExpectation } {
  const means = random.chance(0.8)
    ? 'fine'
    : random.one(['discouraged', 'missing', 'invalid', 'discouraged', 'unclear', 'slip']);
  const text = random.one(MAILS[means]);
  return { text: means === 'missing' ? text : typed(random, text), means };
}
