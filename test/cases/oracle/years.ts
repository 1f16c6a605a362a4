import type { Random } from '../../chaos/random.ts';

/** How a school year is typed: the years that the text could mean, or why it says none. */
export interface YearTyping {
  text: string;
  means: number[] | 'missing' | 'unreadable' | 'future';
}

const CHINESE = '〇一二三四五六七八九';
const digitwise = (n: number) => [...String(n)].map((d) => CHINESE[Number(d)]).join('');
const zero = (n: number) => String(n).padStart(2, '0');
function spoken(n: number): string {
  const [hundreds, tens, ones] = [Math.floor(n / 100), Math.floor((n % 100) / 10), n % 10];
  const head = hundreds > 0 ? `${CHINESE[hundreds]}百` : '';
  if (tens === 0) return ones === 0 ? head : `${head}${head && '零'}${CHINESE[ones]}`;
  return `${head}${tens === 1 && !head ? '' : CHINESE[tens]}十${ones === 0 ? '' : CHINESE[ones]}`;
}

/** The school year named as such. */
export function statedYear(y: number): string[] {
  return [
    `${y}`,
    `${y}學年度`,
    `${y}學年`,
    `${y} 學年度`,
    `第${y}學年度`,
    `民國${y}學年度`,
    `民國 ${y} 學年度`,
    `中華民國${y}學年度`,
    `${y}學年度第1學期`,
    `${y}學年度第2學期`,
    `${y}學年度第一學期`,
    `${y}學年度第二學期`,
    `${y}學年度上學期`,
    `${y}學年度下學期`,
    `${y}學年第2學期`,
    `${y}上`,
    `${y}下`,
    `${y}上學期`,
    `${y}下學期`,
    `${y}學年上學期`,
    `${y}-1`,
    `${y}-2`,
    `${y}學年度（${y}上）`,
    `${spoken(y)}學年度`,
    `${digitwise(y)}學年度`,
    digitwise(y),
    `${spoken(y)}學年度第二學期`,
    `${y}学年度`,
    `${y}學年度 上`,
    `${y}學年度取得`,
    `${y + 1911}學年度`,
    `${y + 1911}-${y + 1912}學年度`,
    `學年度${y}`,
    `${y}學年度。`,
    `${y}.0`,
    `${y}學年度(${y + 1911}/9/1)`,
    `${y}學年度第2學期(${y + 1}年3月)`,
    [...String(y)].join(' '),
    `取得學年度：${y}`,
    `${y}學年度教師專業發展評鑑`,
    `於${y}學年度取得`,
    `(${y})`,
    `「${y}學年度」`,
    `'${y}`,
    `${y}學年度上半年`,
    `${y}學年度證書`,
    `${y}學年度畢業`,
  ];
}

/** A calendar year alone lies in two school years. */
export function calendarYear(c: number): string[] {
  return [
    `民國${c}年`,
    `民國${c}`,
    `${c}年`,
    `${c}年度`,
    `中華民國${c}年`,
    `民國 ${c} 年`,
    `${c + 1911}`,
    `${c + 1911}年`,
    `西元${c + 1911}年`,
    `西元${c + 1911}`,
    `公元${c + 1911}年`,
    `${c + 1911}年度`,
    `${digitwise(c)}年`,
    `${spoken(c)}年`,
    `民國${spoken(c)}年`,
    `${digitwise(c + 1911)}年`,
    `民國${digitwise(c)}年`,
    `ROC ${c}`,
    `民${c}年`,
    `${c}年暑假`,
    `${c + 1911}年下半年`,
  ];
}

/** One day, in every notation. The day is real; month and day are numbers as the calendar has them. */
export function dayTexts(g: number, m: number, d: number): string[] {
  const r = g - 1911;
  return [
    `${g}/${m}/${d}`,
    `${g}-${zero(m)}-${zero(d)}`,
    `${g}.${m}.${d}`,
    `${g}年${m}月${d}日`,
    `${g}/${zero(m)}/${zero(d)}`,
    `西元${g}年${m}月${d}日`,
    `${g}${zero(m)}${zero(d)}`,
    `${r}.${m}.${d}`,
    `${r}/${m}/${d}`,
    `${r}-${m}-${d}`,
    `${r}年${m}月${d}日`,
    `民國${r}年${m}月${d}日`,
    `民國 ${r} 年 ${m} 月 ${d} 日`,
    `中華民國${r}年${m}月${d}日`,
    `民國${r}.${m}.${d}`,
    `${r}.${zero(m)}.${zero(d)}`,
    `${r}年${zero(m)}月${zero(d)}日`,
    `${digitwise(r)}年${spoken(m)}月${spoken(d)}日`,
    `民國${spoken(r)}年${spoken(m)}月${spoken(d)}日`,
    `${zero3(r)}${zero(m)}${zero(d)}`,
    `${g}/${m}/${d} 上午 12:00:00`,
    `${g}年${m}月${d}日（三）`,
    `${r}年${m}月${d}號`,
    `${r} ${m} ${d}`,
    `${r}. ${m}. ${d}`,
    `${r}、${m}、${d}`,
    `${r}年${m}月${d}日取得`,
    `${g}-${zero(m)}-${zero(d)}T00:00:00`,
    `${r}年${m}月${d}日發證`,
  ];
}
const zero3 = (n: number) => String(n).padStart(3, '0');

/** A month without its day. */
export function monthTexts(g: number, m: number): string[] {
  const r = g - 1911;
  return [
    `${r}年${m}月`,
    `民國${r}年${m}月`,
    `${g}年${m}月`,
    `${g}/${m}`,
    `${g}-${zero(m)}`,
    `${g}.${m}`,
    `${r}年${spoken(m)}月`,
    `${r}年${m}月份`,
    `${r}年${m}月底`,
    `民${r}年${m}月`,
    ...(m > 2 ? [`${r}/${m}`, `${r}.${m}`] : []),
  ];
}

const schoolYear = (g: number, m: number) => g - 1911 - (m < 8 ? 1 : 0);

/** `now`: the running school year. What lies after it is no candidate; where nothing else is left it is the future. */
function means(years: number[], now: number): YearTyping['means'] {
  const past = [...new Set(years)].filter((y) => y <= now).toSorted((a, b) => a - b);
  return past.length > 0 ? past : 'future';
}

export const NO_YEAR: YearTyping[] = [
  ...['', ' ', '　', '-', '—', '.', '\n'].map((text) => ({ text, means: 'missing' as const })),
  ...[
    '十年前',
    '不記得',
    '忘了',
    '不知道',
    '?',
    '？',
    '好幾年前',
    '15',
    '6',
    '06',
    '無',
    'abc',
    '民國',
    '學年度',
    '很久以前',
    '約十年前',
    '去年',
    '前年',
    '初任時',
    '105年前後',
    '大約105',
    '105左右',
    '104、105、106',
    '2016/13/45',
    '105.13.40',
    '2016/2/30',
    '1234567',
    '105學年度或106學年度或107學年度',
    'N/A',
    '證書遺失',
    '=1+1',
    '0',
    '-105',
    '105.5.5.5',
    '70',
    '民國前1年',
    '45',
    '20165',
    '9999',
  ].map((text) => ({ text, means: 'unreadable' as const })),
  ...[
    '120',
    '120學年度',
    '民國120年',
    '2031',
    '2031/9/1',
    '112',
    '１２０',
    '一百二十',
    '2024',
    '113上',
    '115.8.1',
    '民國115年3月',
  ].map((text) => ({ text, means: 'future' as const })),
];

export function yearTypings(y: number, random: Random, now: number): YearTyping[] {
  const month = random.between(8, 19);
  const [g, m] = month > 12 ? [y + 1912, month - 12] : [y + 1911, month];
  const d = random.between(1, 28);
  const edges: [number, number, number][] = [
    [y + 1911, 8, 1],
    [y + 1911, 7, 31],
    [y + 1912, 7, 31],
    [y + 1912, 8, 1],
    [y + 1911, 12, 31],
    [y + 1912, 1, 1],
    [g, m, d],
  ];
  return [
    ...statedYear(y).map((text) => ({ text, means: means([y], now) })),
    ...calendarYear(y).map((text) => ({ text, means: means([y - 1, y], now) })),
    ...edges.flatMap(([gy, gm, gd]) =>
      dayTexts(gy, gm, gd).map((text) => ({ text, means: means([schoolYear(gy, gm)], now) })),
    ),
    ...monthTexts(g, m).map((text) => ({ text, means: means([schoolYear(g, m)], now) })),
    ...[
      `${y}或${y + 1}`,
      `${y}、${y + 1}`,
      `${y}學年度或${y + 1}學年度`,
      `${y}~${y + 1}`,
      `${y}/${y + 1}`,
      `${y}-${y + 1}學年度`,
      `${y}至${y + 1}學年度`,
    ].map((text) => ({ text, means: means([y, y + 1], now) })),
  ];
}
