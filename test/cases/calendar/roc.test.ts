import { expect, it } from 'vitest';
import {
  dayProblem,
  endOfDay,
  formatRocDate,
  formatRocDateTime,
  isRealDay,
  readRocDateTime,
  readRocDay,
  schoolYearOf,
  startOfDay,
} from '../../../sync-service/src/cases/calendar/roc.ts';
import { taipei } from '../helpers.ts';

it.each([
  ['2020-04-29 12:00:00', 108],
  ['2018-07-31 23:59:59', 106],
  ['2018-08-01 00:00:00', 107],
  ['2019-08-01 00:00:00', 108],
])('%s lies in school year %s', (at, year) => {
  expect(schoolYearOf(taipei(at))).toBe(year);
});

it.each([
  ['2020-04-29 23:59:59', '109年4月29日（三）'],
  ['2020-04-30 00:00:00', '109年4月30日（四）'],
  ['2020-02-29 08:00:00', '109年2月29日（六）'],
  ['1912-01-01 00:00:00', '1年1月1日（一）'],
])('%s prints as %s', (at, text) => {
  expect(formatRocDate(taipei(at))).toBe(text);
});

it.each([
  ['2020-04-29 15:15:00', '109年4月29日（三）下午3時15分'],
  ['2020-04-29 00:05:00', '109年4月29日（三）上午12時5分'],
  ['2020-04-29 12:00:00', '109年4月29日（三）下午12時0分'],
])('%s prints as %s', (at, text) => {
  expect(formatRocDateTime(taipei(at))).toBe(text);
  expect(readRocDateTime(text)).toEqual(taipei(at.replace(/..$/u, '00')));
});

it('a day begins and ends in Taipei, whatever the machine says', () => {
  expect(startOfDay('2020-07-31')).toEqual(taipei('2020-07-31 00:00:00'));
  expect(endOfDay('2020-07-31')).toEqual(taipei('2020-08-01 00:00:00'));
  expect(endOfDay('2020-12-31')).toEqual(taipei('2021-01-01 00:00:00'));
});

it.each([
  ['109-05-11', '2020-05-11'],
  ['民國109年5月11日（一）', '2020-05-11'],
  ['２０２０/5/11', '2020-05-11'],
  // What Google Sheets makes of 2020-05-11 and of 109-05-11 when it takes them for dates.
  ['43962', '2020-05-11'],
  [String(Math.round((Date.parse('0109-05-11') - Date.UTC(1899, 11, 30)) / 86_400_000)), '2020-05-11'],
  ['109-02-30', null],
  ['1090511', '2020-05-11'],
  ['20200511', '2020-05-11'],
  ['1091511', null],
  ['明天', null],
])('reads the day %s', (text, day) => {
  expect(readRocDay(text)).toBe(day);
});

it.each([
  ['4月31日', '「4月31日」不是日期（4月沒有31日），請寫成 109-07-31。'],
  ['109/4/31', '「109/4/31」不是日期（4月沒有31日），請寫成 109-07-31。'],
  ['1100229', '「1100229」不是日期（110年2月沒有29日），請寫成 109-07-31。'],
  ['109年13月1日', '「109年13月1日」不是日期（沒有13月），請寫成 109-07-31。'],
  ['4／30', '「4／30」沒有寫年份，請寫成 109-07-31。'],
  ['2月29日', '「2月29日」沒有寫年份，請寫成 109-07-31。'],
  ['下週一', '「下週一」不是日期，請寫成 109-07-31。'],
])('%j is told to be no day', (text, sentence) => {
  expect(readRocDay(text)).toBeNull();
  expect(dayProblem(text)).toBe(sentence);
});

it('knows which days exist', () => {
  expect(isRealDay({ year: 2020, month: 2, day: 29 })).toBe(true);
  expect(isRealDay({ year: 2019, month: 2, day: 29 })).toBe(false);
  expect(isRealDay({ year: 2020, month: 13, day: 1 })).toBe(false);
  expect(isRealDay({ year: 2020, month: 4, day: 31 })).toBe(false);
  expect(isRealDay({ year: 2020, month: 4, day: 0 })).toBe(false);
});
