import type { Program } from '../cases/program-rules.ts';
import { listValues } from '../ledger/settings.ts';
import type { Store } from '../ledger/store.ts';
import type { Wording } from '../notices/render.ts';
import { NOTICE_KINDS, type NoticeKind } from '../notices/types.ts';

const PREFIX = 'template/';

/** Key of a notice's wording among the stored settings. */
export const wordingKey = (kind: NoticeKind) => `${PREFIX}${kind}`;

/** The office's own words in force, by notice; a notice that the office has not worded is left out. */
export async function readWordings(
  { db }: Pick<Store, 'db'>,
  program: Pick<Program, 'key'>,
): Promise<Map<NoticeKind, Wording>> {
  const rows = await listValues(db, program.key, PREFIX);
  return new Map(
    rows.flatMap(({ key, value }) => {
      const kind = NOTICE_KINDS.find((each) => wordingKey(each) === key);
      return kind ? [[kind, JSON.parse(value) as Wording] as const] : [];
    }),
  );
}
