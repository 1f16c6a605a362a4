import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { parseDelimited } from './delimited.ts';
import { unzipSync } from 'fflate';
import { decodeText } from './encoding.ts';
import { readOdsSheets } from './ods.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { TableError } from './table-error.ts';
import { readXlsxSheets } from './xlsx.ts';

const MOST_BYTES = 50 * 1024 * 1024;

/** What the names of files with tables end in. */
export const TABLE_EXTENSIONS = ['.csv', '.tsv', '.tab', '.txt', '.xlsx', '.ods'] as const;

/**
 * Reads the visible sheets of a file that a person saved from a spreadsheet, in their order. Its kind is told by its
 * content, since people rename files.
 * @throws TableError, or what the system says where the file cannot be opened
 */
export async function readSheets(file: string): Promise<Sheet[]> {
  const content = await readFile(file);
  if (content.length > MOST_BYTES) throw new TableError('檔案太大（最多 50 MB）', 'larger than 50 MB');
  const begin = content.subarray(0, 4).toString('latin1');
  if (begin.startsWith('PK')) return readZip(content);
  if (/^\.(?:xlsx|ods)$/iu.test(extname(file)))
    throw new TableError('不是 ods 或 xlsx 檔，檔案可能已損毀或加了密碼', 'damaged, or behind a password');
  if (/^\.xls$/iu.test(extname(file)) || begin === '\u00d0\u00cf\u0011\u00e0')
    throw new TableError(
      '是舊的 .xls 或加了密碼的檔，不是 ods 或 xlsx 檔，請另存新檔為 .xlsx',
      'an old .xls, or behind a password',
    );
  if (begin === '%PDF') throw new TableError('是 PDF，不是表格', 'a PDF');
  const text = decodeText(content);
  if (/^\ufeff?\s*<(?:!doctype|html|\?xml)/iu.test(text))
    throw new TableError('是網頁檔，不是表格，請另存新檔為 .xlsx', 'a web page');
  return [
    sheetOf(
      '',
      parseDelimited(text).map((cells, at) => ({ line: at + 1, cells })),
    ),
  ];
}

async function readZip(content: Uint8Array): Promise<Sheet[]> {
  try {
    const names = new Set<string>();
    unzipSync(content, { filter: ({ name }) => !names.add(name) });
    if (names.has('content.xml')) return readOdsSheets(content);
    if (names.has('xl/workbook.xml')) return await readXlsxSheets(content);
  } catch (error) {
    if (error instanceof TableError) throw error;
    throw new TableError('檔案可能已損毀或加了密碼', 'damaged, or behind a password', { cause: error });
  }
  throw new TableError('不是 ods 或 xlsx 檔', 'no spreadsheet');
}
