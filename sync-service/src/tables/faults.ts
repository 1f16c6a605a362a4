import type { FoundTable } from './find-columns.ts';

const quoted = (titles: readonly string[]) => titles.map((title) => `「${title}」`).join('');

/** Why a table cannot be used: required columns that are missing or could be several; null where all are there. */
export function faultOf({ titleLine, missing, unclear }: FoundTable): string | null {
  const faults = [
    ...(missing.length > 0 ? [`第 ${titleLine} 列缺少欄位${quoted(missing)}`] : []),
    ...unclear
      .filter(({ required }) => required)
      .map(({ title, candidates }) => `${quoted(candidates)}都像是「${title}」，請只留一欄或改名`),
  ];
  return faults.length > 0 ? faults.join('；') : null;
}

/** What of a table nobody reads, so that a renamed column or another sheet is not left out in silence. */
export function remarksOf({ unclear, unread }: FoundTable): string[] {
  const optional = unclear.filter(({ required }) => !required);
  return [
    ...(unread.columns.length > 0 ? [`沒有讀入的欄位：${quoted(unread.columns)}`] : []),
    ...optional.map(({ title, candidates }) => `${quoted(candidates)}都像是「${title}」，都沒有讀入`),
    ...(unread.sheets.length > 0 ? [`沒有讀入的工作表：${quoted(unread.sheets)}`] : []),
  ];
}
