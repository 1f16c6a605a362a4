import { query } from '../../sync-service/src/ledger/query.ts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { CASES, NOT_ASKED_YET } from '../../contract/tabs.ts';
import type { MailFault } from '../../emulator/src/mailbox/mailbox.ts';
import { deadlineOf } from '../../sync-service/src/casework/correction-deadline.ts';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { settleNotice } from '../../sync-service/src/ledger/outbox.ts';
import { COMPLETE, DAY_MS, openStage, type Stage, type StageOptions } from '../stage/stage.ts';
import { type Opened, storyOn } from '../stage/story.ts';

const FORM = 'advanced-mentor-106-107';
const MAILBOX_GONE: MailFault = { code: 550, text: 'no such mailbox' };

let stage: Stage;
let story: ReturnType<typeof storyOn>;
/** What becomes of mail to an address; the office's own always arrives. */
const fate = new Map<string, MailFault>();
let away = false;

afterEach(async () => {
  fate.clear();
  away = false;
  await stage.close();
});

const withoutWindows = (program: Program): Program => ({
  ...program,
  forms: program.forms.map(({ window: _window, ...form }) => form),
});

async function open(options: StageOptions = {}) {
  stage = await openStage({
    smtpFault: ({ to }) => fate.get(to) ?? null,
    smtpAway: () => away,
    // Weeks pass, also in many histories one after the other: a closed form would end every case at once.
    change: withoutWindows,
    ...options,
  });
  story = storyOn(stage);
}

/** A teacher's entry that must be corrected, with what becomes of the mail that asks for it. */
async function incomplete(mail: MailFault | null = null): Promise<Opened> {
  const email = `t${fate.size}-${stage.mails().length}@example.com`;
  if (mail) fate.set(email, mail);
  return story.open(FORM, { email, evidence: '' });
}

async function pass(days: number) {
  stage.clock.advance(days * DAY_MS);
  await stage.settle();
}

const requestOf = (caseId: number) =>
  query(stage.service.store.db)
    .selectFrom('notices')
    .selectAll()
    .where('case_id', '=', caseId)
    .where('kind', '=', 'correction-request')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow();

/** What `budeng notices` does. */
async function settle(caseId: number, to: 'sent' | 'pending') {
  const { id } = await requestOf(caseId);
  const context = await stage.service.context();
  return settleNotice(context.store.db, id, {
    from: ['refused', 'uncertain'],
    to,
    at: stage.clock.now(),
    reply: '',
    deadline: to === 'sent' ? await deadlineOf(context, id) : null,
  });
}

const officeMails = (title: string) => stage.mails().filter((mail) => mail.subject.includes(title));
const shownDue = (number: string) =>
  stage.readTab('office', 'cases', CASES).rows.find((row) => row.cells.case === number)?.cells.due;

describe('no deadline runs on a request for correction that did not go out', () => {
  it.each([
    ['refused', MAILBOX_GONE],
    ['uncertain', 'take-and-drop'],
  ] as [
    string,
    MailFault,
  ][])('%s: nobody expires or is reminded, the office is told', async (state, mail) => {
    await open();
    const { number, email } = await incomplete(mail);
    const found = await stage.caseOf(number);
    expect(await requestOf(found.id)).toMatchObject({ state });
    await pass(9);
    expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction', due_at: null });
    const kinds = await query(stage.service.store.db)
      .selectFrom('notices')
      .select('kind')
      .where('recipient', '=', email)
      .execute();
    expect(kinds).toEqual([{ kind: 'correction-request' }]);
    expect(shownDue(number)).toBe(NOT_ASKED_YET);
    await pass(1);
    const told = officeMails('補正通知沒有送達');
    expect(told).toHaveLength(1);
    expect(told[0]?.text).toContain(number);
    expect(told[0]?.text).not.toContain(email);
    expect(officeMails('補登每日彙整').at(-1)?.text).toContain(`補正期限都沒有起算：${number}`);
  });

  it('also where there is no address to write to, and where the notice does not render', async () => {
    await open();
    const nobody = await story.open(FORM, { email: '沒有信箱' });
    const broken = await incomplete({ code: 450, text: 'later' });
    const { id } = await stage.caseOf(broken.number);
    await query(stage.service.store.db)
      .updateTable('notices')
      .set({ data: JSON.stringify({ from: 'another release' }) })
      .where('case_id', '=', id)
      .execute();
    fate.clear();
    await pass(9);
    expect(await requestOf(id)).toMatchObject({ state: 'refused', reply: expect.stringContaining('render') });
    for (const { number } of [nobody, broken])
      expect(await stage.caseOf(number)).toMatchObject({ state: 'needs-correction', due_at: null });
  });

  it('a correction that comes long after is taken', async () => {
    await open();
    const opened = await incomplete(MAILBOX_GONE);
    await pass(20);
    fate.clear();
    await story.correct(FORM, opened, { evidence: COMPLETE.evidence ?? '' });
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'in-review', revision: 2 });
    expect(story.kinds(opened.email)).toEqual(['acknowledgement']);
  });

  it('the deadline counts from the hand-over, in the mail as in the ledger', async () => {
    await open();
    away = true;
    const { number, email } = await incomplete();
    await pass(3);
    expect(await stage.caseOf(number)).toMatchObject({ due_at: null });
    away = false;
    await pass(0.5);
    const handedOver = stage.mailsTo(email)[0];
    // Received on the 21st; the mail went out on the 24th.
    expect(handedOver?.subject).toContain('109年4月29日');
    expect((await stage.caseOf(number)).due_at).toEqual(new Date('2020-04-29T15:59:59Z'));
    await pass(4.5);
    expect(story.kinds(email)).toEqual(['correction-request', 'reminder']);
    await pass(2);
    expect(await stage.caseOf(number)).toMatchObject({ state: 'expired' });
  });

  it.each([
    ['sent', 'a person says that it arrived', '2020-05-01T15:59:59Z'],
    ['pending', 'a person has it sent again', '2020-05-01T15:59:59Z'],
  ] as const)('%s: …and from then on where %s', async (to, _, due) => {
    await open();
    const { number } = await incomplete('take-and-drop');
    await pass(5);
    fate.clear();
    const { id } = await stage.caseOf(number);
    expect(await settle(id, to)).toBe(true);
    await stage.settle();
    expect((await stage.caseOf(number)).due_at).toEqual(new Date(due));
    await pass(6);
    expect(await stage.caseOf(number)).toMatchObject({ state: 'expired' });
  });

  it('a second request begins a deadline of its own, and without it the first one is over', async () => {
    await open();
    const opened = await incomplete();
    expect((await stage.caseOf(opened.number)).due_at).not.toBeNull();
    fate.set(opened.email, MAILBOX_GONE);
    await story.correct(FORM, opened, { note: '還是沒有證書' });
    await pass(9);
    expect(await stage.caseOf(opened.number)).toMatchObject({ state: 'needs-correction', due_at: null });
  });

  it('whatever becomes of mails, and whoever settles them when', async () => {
    await open();
    const act = fc.constantFrom(
      'fails',
      'breaks',
      'arrives',
      'away',
      'day',
      'week',
      'settle',
      'resend',
      'edit',
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 10 }), async (acts) => {
        const opened: Opened[] = [];
        for (const each of acts) {
          const latest = opened.at(-1);
          if (each === 'fails') opened.push(await incomplete(MAILBOX_GONE));
          if (each === 'breaks') opened.push(await incomplete('take-and-drop'));
          if (each === 'arrives') opened.push(await incomplete());
          if (each === 'away') away = !away;
          if (each === 'day') await pass(1);
          if (each === 'week') await pass(7);
          if (each === 'settle' && latest) await settle((await stage.caseOf(latest.number)).id, 'sent');
          if (each === 'resend' && latest) await settle((await stage.caseOf(latest.number)).id, 'pending');
          if (each === 'edit' && latest)
            await story.correct(FORM, latest, { note: `改${stage.clock.now().getTime()}` });
        }
        await pass(1);
        const { db } = stage.service.store;
        for (const { number } of opened) {
          const found = await stage.caseOf(number);
          const request = await requestOf(found.id);
          // Whoever waits has a deadline exactly where the last request went out, five days after it.
          if (found.state === 'needs-correction')
            expect(found.due_at !== null, `${number} ${request.state}`).toBe(request.state === 'sent');
          const expired = await query(db)
            .selectFrom('events')
            .select('at')
            .where('case_id', '=', found.id)
            .where('trigger', '=', 'expired')
            .executeTakeFirst();
          if (!expired) continue;
          expect(request.state).toBe('sent');
          expect(expired.at.getTime() - (request.sent_at?.getTime() ?? Infinity)).toBeGreaterThan(4 * DAY_MS);
        }
        away = false;
        fate.clear();
      }),
      { numRuns: 6 },
    );
  });
});
