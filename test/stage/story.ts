import { query } from '../../sync-service/src/ledger/query.ts';
import { CASES, QUEUE } from '../../contract/tabs.ts';
import { COMPLETE, type Stage } from './stage.ts';

export interface Opened {
  number: string;
  email: string;
  name: string;
  editUrl: string;
  /** What the teacher sent, to be sent again with changes. */
  answers: Record<string, string>;
}

/** Words to tell a story with: a teacher's case, a reviewer's decision, an administrator's act. */
export function storyOn(stage: Stage) {
  let serial = 0;
  const openAll = async (form: string, all: readonly Record<string, string>[]): Promise<Opened[]> => {
    const sent: (Omit<Opened, 'number'> & { responseId: string })[] = [];
    for (const changes of all) {
      serial += 1;
      const answers: Record<string, string> = {
        ...COMPLETE,
        name: `教師${'甲乙丙丁戊己庚辛壬癸'[serial % 10]}${serial}`,
        'certificate-number': `臺教師(三)字第10600${10_000 + serial}號`,
        email: `teacher${serial}@example.com`,
        ...changes,
      };
      const response = await stage.submit(form, answers);
      sent.push({ ...response, email: answers.email ?? '', name: answers.name ?? '', answers });
    }
    await stage.settle();
    const cases = await query(stage.service.store.db)
      .selectFrom('cases')
      .select(['number', 'response_id'])
      .execute();
    const numberOf = new Map(cases.map((found) => [found.response_id, found.number]));
    return sent.map((each) => ({ ...each, number: numberOf.get(each.responseId) ?? '' }));
  };
  return {
    openAll,
    /** A new teacher sends a form; complete but for what is said. */
    async open(form: string, changes: Record<string, string> = {}): Promise<Opened> {
      const [opened] = await openAll(form, [changes]);
      if (!opened) throw new Error('nothing was opened');
      return opened;
    },
    /** The same response once more, a minute later if nothing else is said. */
    async correct(form: string, opened: Opened, changes: Record<string, string>, afterMs = 60_000) {
      stage.clock.advance(afterMs);
      await stage.submit(form, { ...opened.answers, ...changes }, opened.editUrl);
      await stage.settle();
    },
    /** One decision about one case, or about many at once. */
    async decide(queue: string, numbers: string | readonly string[], decision: string, reason = '') {
      for (const number of [numbers].flat())
        stage.type(queue, 'queue', QUEUE, number, { decision, reason, reviewer: '審核者', ready: true });
      await stage.afterGrace();
    },
    /** An act in the list of all cases; what the row says then. */
    async act(number: string, action: string, reason = '') {
      stage.type('office', 'cases', CASES, number, { action, reason, actor: '承辦', ready: true });
      await stage.afterGrace();
      const row = stage.readTab('office', 'cases', CASES).rows.find((each) => each.cells.case === number);
      return String(row?.cells.result);
    },
    kinds: (email: string) =>
      stage.mailsTo(email).map((mail) => /X-Budeng-Notice: (\S+)/u.exec(mail.source)?.[1] ?? ''),
  };
}
