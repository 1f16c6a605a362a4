import { readRocDay, startOfDay, taipeiTime } from '../cases/calendar/roc.ts';
import { isWeekend, PLAIN_WEEKS } from '../cases/calendar/working-days.ts';
import { squeeze } from '../cases/reading/text.ts';
import type { WorkCalendar } from '../cases/types.ts';
import type { WantedColumn } from '../tables/place-columns.ts';
import { ProgramError } from './error.ts';
import { type Remark, tableOf } from './roster.ts';

const EXAMPLE = '20200625,四,2,端午節';
/** As in the calendar of government offices (政府行政機關辦公日曆表) on data.gov.tw. */
const COLUMNS: WantedColumn<'day' | 'off' | 'weekday' | 'note'>[] = [
  { key: 'day', titles: ['西元日期', '日期'], required: true },
  { key: 'off', titles: ['是否放假', '放假'], required: true },
  { key: 'weekday', titles: ['星期'] },
  { key: 'note', titles: ['備註'] },
];
/** 2 is a day off in the government's file, 0 a working day. */
const ANSWERS: Partial<Record<string, boolean>> = { 0: false, 2: true, 是: true, 否: false };

/**
 * Reads the calendars of working days, one for each year. A day that none of them names goes by its weekday.
 * @param end last day on which the program needs one, as `2020-08-31`; null where it has no end
 * @throws ProgramError where a file is missing or a line is wrong
 */
export async function readCalendars(
  files: readonly string[],
  end: string | null,
  remark: Remark,
): Promise<WorkCalendar> {
  const days = new Map<string, boolean>();
  for (const file of files) for (const [day, off] of await readCalendar(file, remark)) days.set(day, off);
  const last = [...days.keys()].toSorted().at(-1);
  if (last && end && last < end)
    remark(
      `假日檔只到 ${last}，受理及審核到 ${end}：之後的國定假日會被當成上班日，請在 holidays 加上次年的辦公日曆表。`,
    );
  const exceptions = [...days].filter(([day, off]) => off !== isWeekend(weekdayOf(day)));
  const named = (wanted: boolean) =>
    exceptions
      .filter(([, off]) => off === wanted)
      .map(([day]) => day)
      .toSorted();
  return { ...PLAIN_WEEKS, daysOff: named(true), workingDays: named(false) };
}

async function readCalendar(file: string, remark: Remark): Promise<[day: string, off: boolean][]> {
  const table = await tableOf(file, COLUMNS, remark, {
    path: 'holidays',
    wrong: `讀不到假日檔 ${file}`,
    setting: 'holidays: [holidays-109.csv]',
    row: EXAMPLE,
  });
  return table.rows.map(({ line, get }) => {
    const day = readRocDay(get('day'));
    const off = ANSWERS[squeeze(get('off'))];
    if (day && off !== undefined) return [day, off];
    const wrong = day
      ? '「是否放假」只能是 0（上班）或 2（放假）'
      : '「西元日期」不是日期，請寫成 20200625 或 2020-06-25';
    throw new ProgramError(file, [{ path: `第 ${line} 列`, wrong, example: EXAMPLE }]);
  });
}

function weekdayOf(day: string): number {
  return taipeiTime(startOfDay(day)).weekday;
}
