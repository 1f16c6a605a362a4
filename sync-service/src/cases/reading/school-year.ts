import { isRealDay, ROC_OFFSET, schoolYearOfDay, type Day } from '../calendar/roc.ts';
import { normalized, squeeze, trimmed } from './text.ts';

export type SchoolYearReading =
  | { kind: 'missing' }
  | { kind: 'unreadable' }
  /** All readings lie after the running school year. */
  | { kind: 'future'; years: number[] }
  /** One year, or the two that the text could mean, ascending. `day` where a full date was given. */
  | { kind: 'years'; years: number[]; day?: Day };

/** The programme has no older certificates. Smaller numbers are slips (`15`, `06`) and are asked about. */
export const EARLIEST_SCHOOL_YEAR = 80;

const ERA = '(?:中華)?(?:民國?|ROC|R\\.O\\.C\\.)';
const SEMESTER = '(?:第?[12一二]學?期|[上下](?:學期)?)';
const SEMESTER_OR_HALF = `(?:${SEMESTER}|[上下]半年?)`;
const DIGITS: Record<string, number> = Object.fromEntries([...'〇一二三四五六七八九'].map((c, i) => [c, i]));
Object.assign(DIGITS, { '○': 0, 零: 0, 兩: 2, Ｏ: 0 });

interface Reading {
  years: number[];
  day?: Day;
}

/** Reads a school year in every way people write it. Never throws. `now` is the running school year. */
export function readSchoolYear(raw: string | undefined, now: number): SchoolYearReading {
  const text = squeeze(withoutGaps(raw ?? '')).replaceAll('学', '學');
  if (text === '' || /^[-‐–—_/.,、。]+$/u.test(text)) return { kind: 'missing' };
  const reading = read(chineseToDigits(text));
  const years = [...new Set(reading?.years)].toSorted((a, b) => a - b);
  if (!reading || years.length === 0 || years.some((year) => year < EARLIEST_SCHOOL_YEAR))
    return { kind: 'unreadable' };
  const past = years.filter((year) => year <= now);
  if (past.length === 0) return { kind: 'future', years };
  return { kind: 'years', years: past, ...(reading.day ? { day: reading.day } : {}) };
}

/** In `105 8 1` the blanks separate numbers; in `1 0 5` they do not. */
function withoutGaps(raw: string): string {
  return trimmed(normalized(raw)).replace(
    /^(1\d\d|[89]\d|(?:19|20)\d\d)\s+(\d{1,2})(?:\s+(\d{1,2}))?$/u,
    (_all, year, month, day) => [year, month, day].filter(Boolean).join('-'),
  );
}

function read(text: string): Reading | null {
  const plain = text
    .replace(/[.。,、;]+$/u, '')
    .replace(/^[(「『"'“‘]+([^()「」『』]+?)[)」』"'”’]*$/u, '$1')
    .replace(/^(?:取得|獲證|約定)?(?:學年度?:?(?=.)|於)/u, '')
    .replace(/(?:取得|獲證|發證|核發|畢業)$/u, '')
    .replace(/\((?:星期|週)?[日一二三四五六]\)/u, '')
    .replace(/T?(?:上午|下午)?\d{1,2}:\d{2}(?::\d{2})?(?:[AP]M)?$/iu, '');
  return one(plain) ?? several(plain) ?? annotated(plain) ?? mentioned(plain);
}

function one(text: string): Reading | null {
  return schoolYear(text) ?? date(text) ?? season(text) ?? calendarYear(text);
}

const VAGUE = /[前後約概或?吧]|左右|不|忘|好像|應該/u;

/** In `106學年度（107年3月）` both must agree; where they do not, both are possible. */
function annotated(text: string): Reading | null {
  const match = /^(.+)\(([^()]+)\)$/u.exec(text);
  const outer = one(match?.[1] ?? '');
  if (VAGUE.test(match?.[2] ?? '')) return null;
  const inner = one(match?.[2] ?? '');
  if (!outer || !inner) return outer;
  const common = outer.years.filter((year) => inner.years.includes(year));
  if (common.length === 0) return { years: [...outer.years, ...inner.years] };
  const day = outer.day ?? inner.day;
  return { years: common, ...(day ? { day } : {}) };
}

const STATED = [
  new RegExp(`^${ERA}?(\\d{2,3})(?:年)?學年度?(?:[-,、/]?${SEMESTER_OR_HALF})?$`, 'iu'),
  new RegExp(`^${ERA}?(\\d{2,3})年?度?[-.]?${SEMESTER}$`, 'iu'),
  // Registries write a semester as 1052 or 981, so 981 is no year; 101 is one.
  /^(?![89]\d[12]$)(\d{2,3})(?:-[12]|\.0)?$/u,
  /^(1[0-3]\d|[89]\d)[12]$/u,
];
const STATED_WESTERN = new RegExp(`^(?:西元)?((?:19|20)\\d{2})學年度?(?:${SEMESTER})?$`, 'u');

/** `105`, `105學年度第2學期`, `106上`, `106-1`. The question asks for a school year, so a bare number is one. */
function schoolYear(text: string): Reading | null {
  for (const pattern of STATED) {
    const match = pattern.exec(text);
    if (match) return { years: [Number(match[1])] };
  }
  const western = STATED_WESTERN.exec(text);
  if (western) return { years: [Number(western[1]) - ROC_OFFSET] };
  // 2016–2017學年度 is one year that two calendar years share.
  const spanning = /^((?:19|20)\d{2})[-–—/~]((?:19|20)\d{2})學年度?$/u.exec(text);
  return spanning && Number(spanning[2]) === Number(spanning[1]) + 1
    ? { years: [Number(spanning[1]) - ROC_OFFSET] }
    : null;
}

const CALENDAR_ROC = [new RegExp(`^${ERA}(\\d{2,3})年?度?$`, 'iu'), /^(\d{2,3})年度?$/u];

/** A calendar year without a month lies in two school years. It is asked about where that matters, never guessed. */
function calendarYear(text: string): Reading | null {
  const western = /^(?:西元|公元)?((?:19|20)\d{2})年?度?$/u.exec(text);
  const roc = CALENDAR_ROC[0]?.exec(text) ?? CALENDAR_ROC[1]?.exec(text);
  const year = western ? Number(western[1]) - ROC_OFFSET : roc ? Number(roc[1]) : null;
  return year === null ? null : { years: [year - 1, year] };
}

/** First and last month. July and August lie on either side of the turn of the school year. */
const SEASONS: Record<string, [number, number]> = {
  上半年: [1, 6],
  下半年: [7, 12],
  寒假: [1, 2],
  暑假: [7, 8],
  初: [1, 1],
  底: [12, 12],
  末: [12, 12],
};
const SEASON = new RegExp(`^(?:${ERA}|西元)?(\\d{2,4})(?:年年?)?(${Object.keys(SEASONS).join('|')})$`, 'iu');

/** `106年底` and `106年暑假` name part of a calendar year. */
function season(text: string): Reading | null {
  const match = SEASON.exec(text);
  const year = gregorian(Number(match?.[1]));
  const months = SEASONS[match?.[2] ?? ''];
  return year === null || !months ? null : { years: months.map((month) => schoolYearOfDay(year, month)) };
}

const ERA_HEAD = new RegExp(`^(?:${ERA}|西元|公元)`, 'iu');

function date(text: string): Reading | null {
  const plain = text.replace(ERA_HEAD, '');
  const full =
    /^(\d{2,4})[-/.年,、](\d{1,2})[-/.月,、](\d{1,2})[日號]?$/u.exec(plain) ??
    /^((?:19|20)\d{2}|\d{2,3})(\d{2})(\d{2})$/u.exec(plain);
  const day = full && dayReading(Number(full[1]), Number(full[2]), Number(full[3]));
  if (day) return day;
  const western = /^(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d{2})$/u.exec(plain);
  if (western) return westernReading(Number(western[3]), Number(western[1]), Number(western[2]));
  const month =
    /^(\d{2,4})[-/.年](\d{1,2})月?(?:份|初|中旬?|底|間)?$/u.exec(plain) ??
    /^((?:19|20)\d{2}|1[0-3]\d|[89]\d)(\d{2})$/u.exec(plain);
  if (!month || Number(month[2]) < 1 || Number(month[2]) > 12) return null;
  const year = gregorian(Number(month[1]));
  if (year === null) return null;
  const schoolYear = schoolYearOfDay(year, Number(month[2]));
  // 105.1 may be January or the first semester.
  return { years: /^\d{2,3}[/.][12]$/u.test(plain) ? [schoolYear, schoolYear + 1] : [schoolYear] };
}

function gregorian(year: number): number | null {
  if (year < 1000) return year + ROC_OFFSET;
  return year >= 1900 && year < 2100 ? year : null;
}

function dayReading(typedYear: number, month: number, day: number): Reading | null {
  const year = gregorian(typedYear);
  if (year === null || !isRealDay({ year, month, day })) return null;
  return { years: [schoolYearOfDay(year, month)], day: { year, month, day } };
}

/** Reads `3/15/2016` and `15/3/2016`; where both readings are dates, both are possible. */
function westernReading(year: number, first: number, second: number): Reading | null {
  const readings = [dayReading(year, first, second), dayReading(year, second, first)].filter(
    (r) => r !== null,
  );
  const years = readings.flatMap((reading) => reading.years);
  return years.length === 0 ? null : { years };
}

const BETWEEN =
  /[~、,;或及和&至到]|or|(?<=^\d{2,4}(?:學年度?)?)[-–—/](?=\d{2,4}(?:學年度?)?$)|(?<=[/.年月]\d{1,2}日?|月)[-–—](?=\d{2,4}[/.年])/u;

/** Reads `105或106`, `105、106學年度` and `105/8/1-106/7/31` as two possible years; more than two are no answer. */
function several(text: string): Reading | null {
  const parts = text.split(BETWEEN);
  if (parts.length !== 2) return null;
  const readings = parts.map((part) => one(part));
  if (readings.some((reading) => reading === null)) return null;
  return { years: readings.flatMap((reading) => reading?.years ?? []) };
}

/** Finds a school year inside other words (`106學年度取得證書`), where only one is named. */
function mentioned(text: string): Reading | null {
  if (VAGUE.test(text)) return null;
  const found = [...text.matchAll(/(?<!\d)(\d{2,3})學年/gu)].map((match) => Number(match[1]));
  return new Set(found).size === 1 ? { years: found } : null;
}

const NUMERALS = '[〇○零一二三四五六七八九百十]';
const CHINESE_YEAR = new RegExp(`^((?:中華)?(?:民國|西元)?)(${NUMERALS}{2,6})(?=$|學年|年)`, 'u');
const CHINESE_DAY = /[一二三四五六七八九十]{1,3}(?=[月日號])/gu;

/** `一〇六`, `一百零六`, `九十七年三月十五日` become digits. */
function chineseToDigits(text: string): string {
  return text
    .replace(CHINESE_YEAR, (all, era, run) => {
      const value = chineseNumber(String(run));
      return value === null ? all : `${era}${value}`;
    })
    .replace(CHINESE_DAY, (run, at: number, whole: string) =>
      // Weekdays such as 星期三 and （三） are taken out, since their characters are no numbers of a date.
      /[年月]$/u.test(whole.slice(0, at)) ? String(chineseNumber(run) ?? run) : run,
    );
}

function chineseNumber(run: string): number | null {
  if (!/[百十]/u.test(run)) return Number([...run].map((c) => DIGITS[c]).join(''));
  const match =
    /^(?:([一二三四五六七八九])百)?[零〇○]?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?$/u.exec(
      run,
    );
  if (!match) return null;
  const [, hundreds, tens, ten, ones] = match;
  const value = (c: string | undefined) => DIGITS[c ?? ''] ?? 0;
  return value(hundreds) * 100 + (ten ? (tens ? value(tens) : 1) * 10 : 0) + value(ones);
}
