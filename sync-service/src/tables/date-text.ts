/**
 * What a spreadsheet's date cell says, as a response export writes it: `2020/4/21 15:02:56`.
 * @param date the cell's wall time, as if it were UTC: a table has no zone
 * @param withTime whether the cell shows a time also at midnight
 */
export function dateText(date: Date, withTime: boolean): string {
  // Times are kept as fractions of a day: 15:02:56 may come back a hair short of it.
  const at = new Date(Math.floor((date.getTime() + 5) / 1000) * 1000);
  const day = `${at.getUTCFullYear()}/${at.getUTCMonth() + 1}/${at.getUTCDate()}`;
  const two = (part: number) => String(part).padStart(2, '0');
  const time = `${at.getUTCHours()}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return time === '0:00:00' && !withTime ? day : `${day} ${time}`;
}
