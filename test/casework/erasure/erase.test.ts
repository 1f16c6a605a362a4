import { sql } from 'kysely';
import { query } from '../../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, CASES, DASHBOARD, QUEUE, SETTINGS, ERASED_NOTE, INTAKE } from '../../../contract/tabs.ts';
import { openTestStore } from '../../ledger/stores.ts';
import { cellData, parseTab } from '../../../sync-service/src/google/tab.ts';
import { runCycle } from '../../../sync-service/src/reconciler/cycle.ts';
import { askErasure } from '../../../sync-service/src/casework/erasure/erase.ts';
import { knownOffice } from '../../../sync-service/src/provisioning/office.ts';
import { rebuildLedger } from '../../../sync-service/src/provisioning/rebuild.ts';
import { trackingToken } from '../../../sync-service/src/ledger/tracking-tokens.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({
    change: (program) => ({ ...program, administrators: ['office@example.com'] }),
  });
});
afterEach(() => stage.close());

const FORM = 'advanced-mentor-106-107';
const send = async (name: string, editUrl?: string) => {
  const sent = await stage.submit(
    FORM,
    {
      ...COMPLETE,
      name,
      email: `t${name.codePointAt(0)}@example.com`,
      'certificate-number': `臺教師(三)字第106${name}號`,
    },
    editUrl,
  );
  await stage.settle();
  return sent;
};
const decide = async (number: string, decision: string, reason = '') => {
  stage.type('platform', 'queue', QUEUE, number, { decision, reason, reviewer: '審核者', ready: true });
  await stage.afterGrace();
};
const ask = async (number: string) => {
  const { id } = await stage.caseOf(number);
  await askErasure(stage.service.process, id, { actor: 'administrator', reason: '請求', evenOpen: false });
  await stage.settle();
};
const intake = () => {
  const { spreadsheetId, tabIds } = stage.documentOf('office');
  const { valueRanges } = stage.google.emulator.sheets.valuesBatchGetByDataFilter(spreadsheetId, {
    dataFilters: [{ gridRange: { sheetId: tabIds.intake ?? 0 } }],
    valueRenderOption: 'UNFORMATTED_VALUE',
  });
  return parseTab(INTAKE, valueRanges?.[0]?.valueRange ?? {});
};
const intakeOf = (responseId: string) => intake().rows.filter((row) => row.cells.responseId === responseId);
/** Everything that stands in any cell of any spreadsheet, and every note. */
const sheetsText = () =>
  ['office', ...stage.program.queues.map(({ key }) => key)]
    .map((role) =>
      JSON.stringify(
        stage.google.emulator.sheets.get(stage.documentOf(role).spreadsheetId, { includeGridData: true }),
      ),
    )
    .join();
const responses = () =>
  stage.google.forms.responses(stage.service.office.forms[FORM]?.formId ?? '').map((each) => each.responseId);
const waiting = () =>
  query(stage.service.store.db)
    .selectFrom('erasures')
    .select('case_id')
    .where('intake_at', 'is', null)
    .execute();

describe('an erased case', () => {
  const number = 'TN109-000001';
  const other = 'TN109-000002';

  /** A decided case, beside one that is not; erasure is asked for and the sheets follow. */
  const askForFirst = async () => {
    const sent = await send('甲被抹');
    await send('乙留下');
    await decide(number, '不予登錄', '甲被抹的理由');
    expect(sheetsText()).toContain('甲被抹');
    await ask(number);
    return sent;
  };
  /** …and the script has emptied the intake. */
  const eraseFirst = async () => {
    const sent = await askForFirst();
    await stage.script.fireClock();
    await stage.settle();
    expect(await waiting()).toEqual([]);
    return sent;
  };

  /** A teacher edits the response between the erasure of the case and that of the response. */
  const editWhileErased = async (third: string) => {
    const late = await send('丙補件');
    await decide(third, '不予登錄', '不符');
    const { id } = await stage.caseOf(third);
    await askErasure(stage.service.process, id, { actor: 'administrator', reason: '請求', evenOpen: false });
    await stage.service.cycle();
    expect(await stage.caseOf(third)).toMatchObject({ erased_at: expect.any(Date) });
    // The response is still there: the script has not swept yet.
    stage.clock.advance(60_000);
    const mails = stage.mails().length;
    await stage.submit(FORM, { ...COMPLETE, name: '丙補件', note: '改過' }, late.editUrl);
    await stage.settle();
    expect(await stage.caseOf(third)).toMatchObject({ state: 'rejected', revision: 1, email: '' });
    expect(stage.mails()).toHaveLength(mails);
    await stage.script.fireClock();
    await stage.settle();
    return late;
  };
  /** A reviewer has written into the row of the case that is erased. */
  const eraseBesideNote = async (fourth: string, note: string) => {
    await send('丁留言');
    stage.type('platform', 'queue', QUEUE, fourth, { note });
    const { id } = await stage.caseOf(fourth);
    await query(stage.service.store.db)
      .updateTable('cases')
      .set({ state: 'withdrawn' })
      .where('id', '=', id)
      .execute();
    await ask(fourth);
  };

  it('leaves the sheets, with its intake row and its response', async () => {
    const sent = await askForFirst();
    const row = stage.readTab('office', 'cases', CASES).rows.find((each) => each.cells.case === number);
    expect(row?.cells).toMatchObject({ state: '不予登錄', name: '', email: '', result: ERASED_NOTE });
    // The intake tab is the script's.
    expect(intakeOf(sent.responseId)[0]?.cells.answers).toContain('甲被抹');
    await stage.script.fireClock();
    await stage.settle();
    expect(sheetsText()).not.toContain('甲被抹');
    expect(intakeOf(sent.responseId).map(({ cells }) => cells)).toEqual([
      expect.objectContaining({ form: FORM, email: '', answers: '', editUrl: '', source: 'erased' }),
    ]);
    expect(responses()).not.toContain(sent.responseId);
    expect(responses()).toHaveLength(1);
    expect(await waiting()).toEqual([]);
    expect(sheetsText()).toContain('乙留下');
  });

  it('is neither written nor taken in again by sweeps', async () => {
    await eraseFirst();
    const before = intake().rows.length;
    stage.clock.advance(2 * DAY_MS);
    for (let i = 0; i < 2; i += 1) {
      await stage.script.fireClock();
      expect(await stage.service.cycle()).toMatchObject({ takenIn: 0 });
    }
    expect(intake().rows).toHaveLength(before);
    expect(await query(stage.service.store.db).selectFrom('quarantined_rows').selectAll().execute()).toEqual(
      [],
    );
    expect(stage.script.failures()).toEqual([]);
  });

  it('is emptied again where somebody brings the row back', async () => {
    const sent = await eraseFirst();
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const { rows, columns } = intake();
    const row = rows.find((each) => each.cells.responseId === sent.responseId);
    const start = { sheetId: tabIds.intake ?? 0, rowIndex: row?.index ?? 0, columnIndex: columns.answers };
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          updateCells: {
            start,
            rows: [{ values: [cellData('{"name":"甲被抹"}')] }],
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    await stage.settle();
    expect(await waiting()).toHaveLength(1);
    await stage.script.fireClock();
    await stage.settle();
    expect(await waiting()).toEqual([]);
    expect(sheetsText()).not.toContain('甲被抹');
  });

  it('gets its key back where the emptied row is deleted before it was seen', async () => {
    const sent = await eraseFirst();
    await query(stage.service.store.db).updateTable('erasures').set({ intake_at: null }).execute();
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    const index = intakeOf(sent.responseId)[0]?.index ?? 0;
    const range = { sheetId: tabIds.intake ?? 0, dimension: 'ROWS', startIndex: index, endIndex: index + 1 };
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, { requests: [{ deleteDimension: { range } }] });
    await stage.settle();
    expect(await waiting()).toHaveLength(1);
    await stage.script.fireClock();
    await stage.settle();
    expect(await waiting()).toEqual([]);
    expect(intakeOf(sent.responseId)).toHaveLength(1);
  });

  it('cannot be acted on, and is told so in its row', async () => {
    await eraseFirst();
    stage.type('office', 'cases', CASES, number, { action: ACTIONS.reverse, reason: '試試', ready: true });
    await stage.afterGrace();
    expect(await stage.caseOf(number)).toMatchObject({ state: 'rejected' });
    const row = stage.readTab('office', 'cases', CASES).rows.find((each) => each.cells.case === number);
    expect(row?.cells).toMatchObject({ ready: false, result: ERASED_NOTE });
  });

  it('is not found by its tracking link', async () => {
    await askForFirst();
    const link = `${stage.service.web.url}/t/${trackingToken(stage.service.process.secret, number)}`;
    const answer = await fetch(link);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('個人資料已刪除的案件不再提供查詢');
  });

  it('still counts in the numbers of the office', async () => {
    await askForFirst();
    const { rows } = stage.readTab('office', 'dashboard', DASHBOARD);
    expect(rows.find((row) => row.cells.item === '不予登錄')?.cells.count).toBe(1);
  });

  it('is not revived by an edit that was under way, and its row is emptied too', async () => {
    const late = await editWhileErased(number);
    expect(intakeOf(late.responseId).map(({ cells }) => cells.source)).toEqual(['erased', 'erased']);
    expect(responses()).not.toContain(late.responseId);
    expect(await waiting()).toEqual([]);
    expect(sheetsText()).not.toContain('丙補件');
    // The link leads nowhere now.
    await expect(send('丙補件', late.editUrl)).rejects.toThrow('修改連結無效');
  });

  it('takes its name out of a row that a reviewer has written in, and leaves the words to the reviewer', async () => {
    await eraseBesideNote(number, '請再打電話');
    const find = () =>
      stage.readTab('platform', 'queue', QUEUE).rows.find((row) => row.cells.case === number);
    expect(find()?.cells).toMatchObject({ name: '', certificateNumber: '', note: '請再打電話' });
    expect(find()?.cells.result).toContain('已刪除個人資料；請清空您在此列填寫的內容');
    stage.type('platform', 'queue', QUEUE, number, { note: '' });
    await stage.settle();
    expect(find()).toBeUndefined();
  });

  it('stays erased in a ledger that is rebuilt from the sheets', async () => {
    await eraseFirst();
    await editWhileErased('TN109-000003');
    await eraseBesideNote('TN109-000004', '請再打電話');
    stage.type('platform', 'queue', QUEUE, 'TN109-000004', { note: '' });
    await stage.settle();
    const lost = await openTestStore();
    try {
      const parts = {
        ...(await stage.service.context()),
        store: lost,
        google: stage.connect(),
      };
      const mails = stage.mails().length;
      expect(await rebuildLedger(parts)).toMatchObject({ cases: 4, unknown: 0, unreadable: 0 });
      const office = await knownOffice([stage.program], lost);
      if (!office) throw new Error('no office');
      await runCycle(parts, office);
      const cases = await query(lost.db)
        .selectFrom('cases')
        .select(['number', 'state', 'email', 'erased_at'])
        .orderBy('number')
        .execute();
      expect(cases.map((each) => [each.number, each.state, each.erased_at !== null])).toEqual([
        [number, 'rejected', true],
        [other, 'in-review', false],
        ['TN109-000003', 'rejected', true],
        ['TN109-000004', 'withdrawn', true],
      ]);
      expect(stage.mails()).toHaveLength(mails);
      expect(await query(lost.db).selectFrom('quarantined_rows').selectAll().execute()).toEqual([]);
    } finally {
      await lost.close();
    }
  });
});

describe('retention', () => {
  const digest = () =>
    stage
      .mailsTo('office@example.com')
      .filter((mail) => mail.source.includes('X-Budeng-Notice: daily-digest'))
      .at(-1)?.text ?? '';
  const goTo = async (instant: string) => {
    stage.clock.set(new Date(instant));
    await stage.settle();
  };

  it('is announced a month before, in the digest', async () => {
    await send('乙留下');
    await goTo('2022-06-20T01:00:00Z');
    expect(digest()).not.toContain('保存期限');
    await goTo('2022-07-04T01:00:00Z');
    expect(digest()).toContain(
      '有 1 件的個人資料保存期限將屆（24 個月），111年8月3日（三）起自動刪除，其中 1 件尚未結案',
    );
  });

  it('is extended in the settings of the office', async () => {
    await send('乙留下');
    await goTo('2022-07-04T01:00:00Z');
    stage.type('office', 'settings', SETTINGS, 'retentionMonths', { value: '25' });
    await stage.settle();
    await goTo('2022-08-04T01:00:00Z');
    expect(await stage.caseOf('TN109-000001')).toMatchObject({ erased_at: null });
    expect(digest()).toContain('（25 個月）');
  });

  it('of a case that cannot be worked on holds up no other case, and the office is told once', async () => {
    await send('甲不行');
    await send('乙可以');
    const { id } = await stage.caseOf('TN109-000001');
    const { db } = stage.service.store;
    const alter = (change: string) => sql`alter table erasures ${sql.raw(change)}`.execute(query(db));
    await alter(`add constraint refuses check (case_id <> ${id})`);
    try {
      await goTo('2022-07-04T01:00:00Z');
      await goTo('2022-08-04T01:00:00Z');
      await stage.service.cycle();
      expect(await stage.caseOf('TN109-000001')).toMatchObject({ erased_at: null });
      expect(await stage.caseOf('TN109-000002')).toMatchObject({ erased_at: expect.any(Date) });
      const told = (text: string) => text.includes(`第 ${id} 號案件的保存期限`);
      expect(stage.mailsTo('office@example.com').filter(({ text }) => told(text))).toHaveLength(1);
    } finally {
      await alter('drop constraint refuses');
    }
  });

  it('that fails as a whole does not stop what was asked for by hand', async () => {
    await send('甲不行');
    await send('乙請求');
    await decide('TN109-000002', '不予登錄', '不符');
    await goTo('2022-07-04T01:00:00Z');
    const { db } = stage.service.store;
    // Nobody can tell when the first case ends: it bears rules of a program that this service does not know.
    await query(db)
      .insertInto('program_versions')
      .values({
        hash: 'of-another',
        program: 'another',
        version: '1',
        content: '{}',
        first_seen: new Date(0),
      })
      .execute();
    await query(db)
      .updateTable('cases')
      .set({ program_version: 'of-another' })
      .where('number', '=', 'TN109-000001')
      .execute();
    await goTo('2022-08-04T01:00:00Z');
    const told = ({ text }: { text: string }) => text.includes('保存期限屆滿的個人資料');
    expect(stage.mailsTo('office@example.com').filter(told)).toHaveLength(1);
    expect(await stage.caseOf('TN109-000002')).toMatchObject({ erased_at: null });
    await ask('TN109-000002');
    expect(await stage.caseOf('TN109-000002')).toMatchObject({ erased_at: expect.any(Date) });
  });

  it('ends by itself: the case is erased, open or not', async () => {
    await send('乙留下');
    await goTo('2022-07-04T01:00:00Z');
    await goTo('2022-08-04T01:00:00Z');
    expect(await stage.caseOf('TN109-000001')).toMatchObject({ erased_at: expect.any(Date), email: '' });
    expect(stage.readTab('platform', 'queue', QUEUE).rows).toEqual([]);
    // A Monday: nothing goes out on the weekend before.
    await goTo('2022-08-08T01:00:00Z');
    expect(digest()).toContain('有 1 件的收件列與表單回應還在');
    await stage.script.fireClock();
    await stage.settle();
    expect(sheetsText()).not.toContain('乙留下');
    expect(responses()).toEqual([]);
    expect(await stage.service.cycle()).toMatchObject({ written: 0, failed: [], paused: [] });
  });
});
