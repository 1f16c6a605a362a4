import { fitCell } from '../../../../contract/cell-text.ts';
import { usualDomainNear } from '../../cases/reading/email-domains.ts';
import { chooseEmail, domainOf, type EmailDoubt } from '../../cases/reading/email.ts';
import type { WantedColumn } from '../../tables/place-columns.ts';
import { readTable } from './table-file.ts';

/** Whom one announcement goes to. */
export interface Addressee {
  /** Everybody behind the address, as a school's mailbox may serve several. */
  names: string[];
  email: string;
  holdsCertificate: boolean;
  /** The lines of the roster that name it. */
  lines: number[];
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

/** The question about an address that looks mistyped; it is written to all the same. */
const DOUBTS: Record<EmailDoubt, (email: string) => string> = {
  unclear: (email) => `電子郵件不是單一的地址，寄到 ${email}，請核對`,
  'possible-slip': (email) =>
    `電子郵件 ${email} 像是打錯字（是不是 ${usualDomainNear(domainOf(email)) ?? ''}？），仍會寄出，請核對`,
  verified: (email) => `電子郵件寄到 ${email}`,
};
const SHOWN = 40;

/**
 * Reads the roster of teachers: 姓名, 電子郵件, 持有證書（是／否）. It names all wrong lines and all doubtful addresses at once.
 * Teachers behind one address are one addressee, unless only some of them hold a certificate, since those are told
 * different steps.
 */
export async function readTeachers(
  file: string,
): Promise<{ addressees: Addressee[]; wrong: string[]; doubtful: string[] }> {
  const table = await readTable(file, COLUMNS);
  const wrong: string[] = [];
  const doubtful: string[] = [];
  const addressees = new Map<string, Addressee>();
  for (const { line, get } of table.rows) {
    const chosen = chooseEmail(get('email'), undefined, []);
    const answer = get('holds').trim();
    if (!chosen) wrong.push(`第 ${line} 列：電子郵件地址不正確`);
    else if (!YES.test(answer) && !NO.test(answer))
      wrong.push(`第 ${line} 列：持有證書「${fitCell(answer, SHOWN)}」看不懂，請填是或否`);
    else {
      const { email, doubt } = chosen;
      if (doubt) doubtful.push(`第 ${line} 列：${DOUBTS[doubt](email)}`);
      const holdsCertificate = YES.test(answer);
      const key = `${email}/${holdsCertificate}`;
      const found = addressees.get(key) ?? { names: [], email, holdsCertificate, lines: [] };
      const name = get('name').trim();
      if (name !== '' && !found.names.includes(name)) found.names.push(name);
      found.lines.push(line);
      addressees.set(key, found);
    }
  }
  return { addressees: [...addressees.values()], wrong, doubtful };
}
