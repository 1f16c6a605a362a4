import { emailOf } from '../../cases/reading/email.ts';
import type { WantedColumn } from '../../tables/place-columns.ts';
import { readTable } from './table-file.ts';

/** Whom one announcement goes to. */
export interface Addressee {
  /** Everybody behind the address, as a school's mailbox may serve several. */
  names: string[];
  email: string;
  holdsCertificate: boolean;
}

/** Columns of other persons that lists of teachers have too. */
const OTHERS = /承辦|聯絡人|填表|校長|主任|家長/u;
const COLUMNS: WantedColumn<'name' | 'email' | 'holds'>[] = [
  { key: 'name', titles: ['姓名'], required: true, containedUnless: OTHERS },
  {
    key: 'email',
    titles: ['電子郵件', '電子郵件地址', '電子信箱', 'email', 'e-mail'],
    required: true,
    containedUnless: OTHERS,
  },
  { key: 'holds', titles: ['持有證書'], required: true, containedUnless: /未持有/u },
];
const YES = /^(?:是|有|y|yes|v|1|true)$/iu;
const NO = /^(?:否|無|沒有|n|no|0|false|)$/iu;

/**
 * The roster of teachers: 姓名, 電子郵件, 持有證書（是／否）. Wrong lines are told all at once. Teachers behind one address are one
 * addressee, unless only some of them hold a certificate: they are told different steps.
 */
export async function readTeachers(file: string): Promise<{ addressees: Addressee[]; wrong: string[] }> {
  const table = await readTable(file, COLUMNS);
  const wrong: string[] = [];
  const addressees = new Map<string, Addressee>();
  for (const { line, get } of table.rows) {
    const email = emailOf(get('email'));
    const answer = get('holds').trim();
    if (!email) wrong.push(`第 ${line} 列：電子郵件地址不正確`);
    else if (!YES.test(answer) && !NO.test(answer))
      wrong.push(`第 ${line} 列：持有證書「${answer}」看不懂，請填是或否`);
    else {
      const holdsCertificate = YES.test(answer);
      const key = `${email.toLowerCase()}/${holdsCertificate}`;
      const found = addressees.get(key) ?? { names: [], email, holdsCertificate };
      const name = get('name').trim();
      if (name !== '' && !found.names.includes(name)) found.names.push(name);
      addressees.set(key, found);
    }
  }
  return { addressees: [...addressees.values()], wrong };
}
