import { capitals, normalized, squeeze } from './text.ts';

/** Dots that stand between the parts of an indigenous name, after NFKC. */
const DOTS = /[·・‧•∙⋅●・｡.．﹒‥]+/gu;

/** Selectors of variants are taken out, as each would become a ○ of its own. */
const UNSEEN = /[[\p{Cc}--\s]\p{Cs}\p{Default_Ignorable_Code_Point}]/gv;

/** Longest first part that is shown. */
const FIRST_PART = 12;

const COMPOUND = new Set(
  '歐陽 司徒 司馬 諸葛 上官 范姜 張簡 張廖 端木 皇甫 尉遲 公孫 令狐 慕容 夏侯 東方 長孫 宇文 鍾離 申屠 太史 呼延 周黃 陳李 江謝 姜林'.split(
    ' ',
  ),
);

/**
 * Names are compared without blanks and dots, in one width and one case, 台 as 臺 and 黄 as 黃: 撒韵・武荖 also writes
 * 撒韵 武荖.
 */
export function nameKey(raw: string | undefined): string {
  return squeeze(
    capitals(squeeze(raw ?? ''))
      .replace(DOTS, '')
      .replaceAll('台', '臺')
      .replaceAll('黄', '黃'),
  );
}

/**
 * Writes `王○○`: the surname, and one ○ for each hidden character. Of an indigenous or Western name in several parts the
 * first part stands, as it is what the person is called by in a list.
 */
export function maskName(raw: string): string {
  const joined = normalized(raw).replace(UNSEEN, '').trim().replace(/\s+/gu, ' ');
  const parts = joined
    .replace(DOTS, '·')
    .split(/[·]| (?=[A-Za-z])|(?<=[A-Za-z]),? /u)
    .filter(Boolean);
  // Longer names are cut, so that nobody can put a message into a mail of the office.
  if (parts.length > 1) return `${[...(parts[0] ?? '')].slice(0, FIRST_PART).join('')}·○○`;
  const chars = [...joined.replaceAll(' ', '')];
  if (chars.length === 0) return '';
  if (chars.length === 1) return '○';
  const surname = chars.length > 2 && COMPOUND.has(chars.slice(0, 2).join('')) ? 2 : 1;
  return chars.slice(0, surname).join('') + '○'.repeat(Math.min(chars.length - surname, 4));
}

/** Masks the last four characters (`A12345****`), or the whole of a short text. */
export function maskIdNumber(raw: string): string {
  const chars = [...squeeze(raw)];
  return chars.slice(0, Math.max(0, chars.length - 4)).join('') + '*'.repeat(Math.min(4, chars.length));
}
