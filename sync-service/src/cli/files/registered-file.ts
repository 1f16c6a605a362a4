import type { WantedColumn } from '../../tables/place-columns.ts';
import { readTable } from './table-file.ts';

export interface Registered {
  /** Its row in the spreadsheet. */
  line: number;
  name: string;
  number: string;
  level: string;
}

const COLUMNS: WantedColumn<'name' | 'number' | 'level'>[] = [
  { key: 'name', titles: ['姓名'], required: true, containedUnless: /承辦|聯絡人|填表|校長/u },
  {
    key: 'number',
    titles: ['證書字號', '證書編號', '證書號碼', '字號'],
    required: true,
    // Identity numbers are called 字號 too, and must not get into the ledger.
    containedUnless: /身分|身份|居留|統一編號|公文|發文|來文|函/u,
  },
  { key: 'level', titles: ['類別', '證書類別'], containedUnless: /學校|級別/u },
];

/** Reads the platform's list of what it has on record: 姓名, 證書字號, and 類別 where the list has it. */
export async function readRegistered(file: string): Promise<Registered[]> {
  const { rows } = await readTable(file, COLUMNS);
  return rows.map(({ line, get }) => ({
    line,
    name: get('name').trim(),
    number: get('number').trim(),
    level: get('level').trim(),
  }));
}
