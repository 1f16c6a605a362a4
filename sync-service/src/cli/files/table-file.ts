import { readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { read } from 'hucre';
import { decodeText } from '../../program/text-file.ts';
import { reasonOf } from '../output/failure.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const MOST_BYTES = 50 * 1024 * 1024;

/** A table that a person saved from a spreadsheet; rows may be shorter than the header. */
export interface TableFile {
  header: string[];
  /** Those that hold anything, each with its number as the spreadsheet shows it. */
  rows: { line: number; cells: string[] }[];
}

/**
 * Reads csv, ods or xlsx: the first sheet, the first row as titles.
 * @throws PublicError that names the file
 */
export async function readTable(file: string): Promise<TableFile> {
  let cells: unknown[][];
  try {
    const content = readFileSync(file);
    if (content.length > MOST_BYTES) throw unreadable(file, '檔案太大（最多 50 MB）', 'larger than 50 MB');
    cells = /^\.(?:csv|txt)$/iu.test(extname(file)) ? readCsv(content) : await readSheet(file, content);
  } catch (error) {
    if (error instanceof PublicError) throw error;
    const { zh, en } = reasonOf(error);
    throw unreadable(file, zh, en);
  }
  const lines = cells.map((row, index) => ({
    line: index + 1,
    cells: row.map((cell) => String(cell ?? '').trim()),
  }));
  const [header, ...rows] = lines;
  return { header: header?.cells ?? [], rows: rows.filter((row) => row.cells.some((cell) => cell !== '')) };
}

function readCsv(content: Buffer): unknown[][] {
  return parse(decodeText(content), { relax_column_count: true }) as unknown[][];
}

function unreadable(file: string, zh: string, en: string): PublicError {
  return new PublicError({
    sentence: `讀不到 ${file}：${zh}。`,
    remedy: '請另存為 csv、ods 或 xlsx 後再試。',
    english: `${file} cannot be read (${en}); save it as csv, ods or xlsx.`,
  });
}

async function readSheet(file: string, content: Buffer): Promise<unknown[][]> {
  // Whatever such a file is, it is a zip: what is not would be guessed at.
  if (content.subarray(0, 2).toString('latin1') !== 'PK')
    throw unreadable(file, '不是 ods 或 xlsx 檔，檔案可能已損毀或加了密碼', 'damaged, or behind a password');
  return ((await read(content)).sheets[0]?.rows ?? []) as unknown[][];
}

/** Where a column stands whose title matches, -1 where none does. */
export function columnOf({ header }: TableFile, title: RegExp): number {
  return header.findIndex((each) => title.test(each));
}
