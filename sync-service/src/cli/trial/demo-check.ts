import type { State } from '../../cases/lifecycle.ts';
import { listCases } from '../../ledger/repositories/case-lists.ts';
import { listNotices } from '../../ledger/repositories/notices.ts';
import { listVerdicts } from '../../ledger/repositories/revisions.ts';
import type { NoticeKind } from '../../notices/types.ts';
import type { Service } from '../service.ts';

/** The kinds of notice that each state calls for: a case in it must have one of them, sent. */
const CALLED_FOR: Record<State, readonly NoticeKind[]> = {
  'needs-correction': ['correction-request'],
  'in-review': ['acknowledgement'],
  'awaiting-dispatch': ['acknowledgement'],
  dispatched: ['dispatched'],
  registered: ['registered'],
  rejected: ['rejected'],
  answered: ['answered'],
  duplicate: ['duplicate'],
  'not-needed': ['not-needed', 'redirected', 'acknowledgement'],
  late: ['late'],
  withdrawn: ['withdrawn'],
  expired: ['expired'],
};

/**
 * Says in a sentence each what does not add up: every submission has to be one case or revision, and every case to have
 * its notices.
 */
export async function checkDemo({ store, process }: Service, submissions: number): Promise<string[]> {
  const problems: string[] = [];
  const revisions = await listVerdicts(store.db);
  if (revisions.length !== submissions)
    problems.push(`${submissions} submissions became ${revisions.length} revisions`);
  const notices = await listNotices(store.db);
  for (const found of await listCases(store.db, process.baseProgram.key)) {
    const called = CALLED_FOR[found.state];
    const own = notices.filter((notice) => notice.caseNumber === found.number);
    const right = own.filter((notice) => called.includes(notice.kind));
    if (right.length !== 1)
      problems.push(`${found.number} (${found.state}) has ${right.length} of ${called.join('/')}`);
    // An entry without an address that a server takes is owed no mail.
    for (const notice of own)
      if (notice.recipient && notice.state !== 'sent')
        problems.push(`${found.number}: ${notice.kind} is ${notice.state}`);
  }
  return problems;
}
