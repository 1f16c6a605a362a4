import { PublicError } from '../../../../contract/public-error.ts';
import { faultOf, remarksOf } from '../../tables/faults.ts';
import { findColumns, type FoundTable } from '../../tables/find-columns.ts';
import type { WantedColumn } from '../../tables/place-columns.ts';
import { readSheets } from '../../tables/read-sheets.ts';
import type { Sheet } from '../../tables/sheet.ts';
import { TableError } from '../../tables/table-error.ts';
import { reasonOf } from '../output/failure.ts';
import { remark } from '../output/remark.ts';

/**
 * Reads a table that an operator hands in (csv, ods or xlsx), and remarks on the columns and sheets that nobody reads.
 * @param remedy what to do where columns are missing
 * @throws PublicError that names the file and what is wrong with it
 */
export async function readTable<Key extends string>(
  file: string,
  wanted: readonly WantedColumn<Key>[],
  remedy = '請補上這些欄名。',
): Promise<FoundTable<Key>> {
  const table = findColumns(await sheetsOf(file), wanted);
  const fault = faultOf(table);
  if (fault)
    throw new PublicError({
      sentence: `${file} ${fault}。`,
      remedy,
      english: `${file}: columns are missing or could be several; name them as asked.`,
    });
  for (const each of remarksOf(table)) remark(`${file} ${each}。`);
  return table;
}

async function sheetsOf(file: string): Promise<Sheet[]> {
  try {
    return await readSheets(file);
  } catch (error) {
    const { zh, en } =
      error instanceof TableError ? { zh: error.message, en: error.english } : reasonOf(error);
    throw new PublicError({
      sentence: `讀不到 ${file}：${zh}。`,
      remedy: '請改正，或另存為 csv、ods 或 xlsx 後再試。',
      english: `${file} cannot be read (${en}); mend it, or save it as csv, ods or xlsx.`,
    });
  }
}
