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
  return {
    /** A new teacher sends a form; complete but for what is said. */
    async open(form: string, changes: Record<string, string> = {}): Promise<Opened> {
      serial += 1;
      const answers: Record<string, string> = {
        ...COMPLETE,
        name: `教師${'甲乙丙丁戊己庚辛壬癸'[serial % 10]}${serial}`,
        'certificate-number': `臺教師(三)字第10600${10_000 + serial}號`,
        email: `teacher${serial}@example.com`,
        ...changes,
      };
      const { responseId, editUrl } = await stage.submit(form, answers);
      await stage.settle();
      const { number } = await stage.service.store.db
        .selectFrom('cases')
        .select('number')
        .where('response_id', '=', responseId)
        .executeTakeFirstOrThrow();
      return { number, email: answers.email ?? '', name: answers.name ?? '', editUrl, answers };
    },
    /** The same response once more, a minute later if nothing else is said. */
    async correct(form: string, opened: Opened, changes: Record<string, string>, afterMs = 60_000) {
      stage.clock.advance(afterMs);
      await stage.submit(form, { ...opened.answers, ...changes }, opened.editUrl);
      await stage.settle();
    },
    async decide(queue: string, number: string, decision: string, reason = '') {
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
