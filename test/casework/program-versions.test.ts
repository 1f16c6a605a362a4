import { query } from '../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, CASES, DASHBOARD, QUEUE, SETTINGS } from '../../contract/tabs.ts';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { formerQueues } from '../../sync-service/src/casework/program-versions.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

/** The next file: 進階 and 教輔 of 106–107 go to the city centre by another route, other words, no platform queue. */
function nextFile(program: Program): Program {
  const stages = Object.fromEntries(
    Object.entries(program.stages)
      .filter(([, stage]) => stage.queue !== 'platform')
      .map(([key, stage]) => [key, stage]),
  );
  return {
    ...program,
    version: '2',
    queues: program.queues.filter(({ key }) => key !== 'platform'),
    contacts: {
      ...program.contacts,
      platform: { office: '平臺客服', phone: '02-00000000', email: null },
    },
    stages,
    routes: program.routes.map((route) => {
      const managed = route.stages.filter((key) => stages[key]);
      return managed.length === route.stages.length
        ? route
        : { ...route, key: `${route.key}-2`, stages: managed.length > 0 ? managed : ['center-review'] };
    }),
    outcomes: program.outcomes
      .filter(({ to }) => to !== 'platform')
      .map((outcome) => ({
        ...outcome,
        label: outcome.trigger === 'approved' ? '准予登錄' : outcome.label,
      })),
  };
}

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const send = async (name: string, answers: Record<string, string> = {}, editUrl?: string) => {
  const entry = { ...COMPLETE, name, email: `${name}@example.com`, ...answers };
  const sent = await stage.submit(
    'advanced-mentor-106-107',
    { ...entry, 'certificate-number': `臺教師(三)字第106${name}號` },
    editUrl,
  );
  await stage.settle();
  return sent;
};
const decide = async (queue: string, number: string, decision: string, reason = '') => {
  stage.type(queue, 'queue', QUEUE, number, { decision, reason, reviewer: '審核者', ready: true });
  await stage.afterGrace();
};
const rows = (queue: string) => stage.readTab(queue, 'queue', QUEUE).rows.map((row) => row.cells.case);
const listOf = (queue: string, number?: string) => {
  const { spreadsheetId, tabIds } = stage.documentOf(queue);
  const book = stage.google.emulator.sheets.get(spreadsheetId, { includeGridData: true });
  const sheet = book.sheets?.find((each) => each.properties?.sheetId === tabIds.queue);
  const { columns, rows } = stage.readTab(queue, 'queue', QUEUE);
  const index = number ? rows.find(({ cells }) => cells.case === number)?.index : rows[0]?.index;
  const rule = sheet?.data?.[0]?.rowData?.[index ?? -1]?.values?.[columns.decision]?.dataValidation;
  return rule?.condition?.values?.map(({ userEnteredValue }) => userEnteredValue) ?? [];
};

describe('a program file that changes while cases run', () => {
  const [running, corrected, closed, fresh] = [
    'TN109-000001',
    'TN109-000002',
    'TN109-000003',
    'TN109-000004',
  ];

  /** Under the first file one case runs, one was returned, one was rejected. */
  const beginCases = async () => {
    await send('a');
    const returned = await send('b');
    await send('c');
    await decide('platform', closed, '不予登錄', '不符');
    await decide('platform', corrected, '退回補件', '請補正');
    return returned;
  };
  /** …and one more came under the next file. */
  const changeFile = async () => {
    const returned = await beginCases();
    await stage.restart(nextFile);
    await send('d');
    return returned;
  };
  const correct = async ({ editUrl }: { editUrl: string }) => {
    stage.clock.advance(60_000);
    await send('b', { evidence: 'https://drive.google.com/open?id=clear' }, editUrl);
  };

  it('is kept with its roster as soon as the service starts, once', async () => {
    await send('a');
    const { db } = stage.service.store;
    expect(await query(db).selectFrom('program_versions').select('version').execute()).toEqual([
      { version: '1' },
    ]);
    const found = await stage.caseOf(running);
    expect(found.program_version).toBe((await stage.service.context()).versions.newest);
    await stage.restart((program) => ({ ...program }));
    expect(await query(db).selectFrom('program_versions').select('version').execute()).toHaveLength(1);
  });

  it('sends new cases by the new file, and leaves the running ones where they are', async () => {
    await beginCases();
    await stage.restart(nextFile);
    expect(await formerQueues(await stage.service.context())).toEqual([
      expect.stringContaining('佇列「平臺」（platform）已不在設定檔，還有 2 件'),
    ]);
    await send('d');
    expect(await stage.caseOf(fresh)).toMatchObject({ queue: 'city-center' });
    expect(rows('city-center')).toEqual([fresh]);
    expect(rows('platform')).toEqual([running]);
    expect(stage.mailsTo('d@example.com')[0]?.text).toContain('市教專中心');
  });

  it('offers in a row what the version of its case knows, and no more', async () => {
    await changeFile();
    expect(listOf('city-center', fresh)).toContain('准予登錄');
    expect(listOf('city-center', fresh)).not.toContain('通過登錄');
    expect(listOf('platform', running)).toEqual(expect.arrayContaining(['通過登錄', '轉送市教專中心']));
    expect(listOf('platform', running)).not.toContain('准予登錄');
  });

  it('explains a decision of the other file', async () => {
    await changeFile();
    await decide('city-center', fresh, '通過登錄');
    const [row] = stage.readTab('city-center', 'queue', QUEUE).rows;
    expect(row?.cells.result).toContain('本案依收件時的規則辦理，沒有「通過登錄」；可選「准予登錄」');
    expect(await stage.caseOf(fresh)).toMatchObject({ state: 'in-review' });
  });

  it('brings a correction back to the queue that returned it', async () => {
    await correct(await changeFile());
    expect(await stage.caseOf(corrected)).toMatchObject({
      state: 'in-review',
      queue: 'platform',
      revision: 2,
    });
    expect(rows('platform')).toEqual([corrected, running].toSorted());
  });

  it('puts the settings of the office on top of every version, and asks at the newest contact', async () => {
    await changeFile();
    stage.type('office', 'settings', SETTINGS, 'deadlines/correctionDays', { value: '9' });
    await stage.settle();
    await decide('platform', running, '退回補件', '請補正');
    const { due_at } = await stage.caseOf(running);
    expect(Math.ceil(((due_at?.getTime() ?? 0) - stage.clock.now().getTime()) / 86_400_000)).toBe(10);
    expect(stage.mailsTo('a@example.com').at(-1)?.text).toContain('02-00000000');
  });

  it('undoes a decision of the earlier file by its own words', async () => {
    await changeFile();
    stage.type('office', 'cases', CASES, closed, {
      action: ACTIONS.reverse,
      reason: '看錯',
      ready: true,
    });
    await stage.afterGrace();
    expect(stage.mailsTo('c@example.com').at(-1)?.subject).toContain('先前的「不予登錄」已撤銷');
    expect(rows('platform')).toContain(closed);
  });

  it('counts over all versions', async () => {
    await correct(await changeFile());
    const counts = stage.readTab('office', 'dashboard', DASHBOARD).rows;
    const waiting = (item: string) => counts.find((row) => row.cells.item === item)?.cells.count;
    expect([waiting('待審：平臺'), waiting('待審：市教專中心')]).toEqual([2, 1]);
  });

  it('lets the former queue go once its last case is done, and takes it up again with one of its cases', async () => {
    await correct(await changeFile());
    await decide('platform', corrected, '通過登錄');
    await decide('platform', running, '退回補件', '請補正');
    stage.clock.advance(20 * 86_400_000);
    await stage.settle();
    await stage.settle();
    expect(await stage.caseOf(running)).toMatchObject({ state: 'expired' });
    expect(rows('platform')).toEqual([]);
    expect((await stage.service.context()).versions.running).toHaveLength(1);
    expect(listOf('city-center')).not.toContain('通過登錄');
    const reads = stage.service.process.google.calls();
    await stage.service.cycle();
    // The office's spreadsheet and those of two queues.
    expect(stage.service.process.google.calls() - reads).toBe(3);
    stage.type('office', 'cases', CASES, corrected, {
      action: ACTIONS.reverse,
      reason: '再看一次',
      ready: true,
    });
    await stage.afterGrace();
    expect(rows('platform')).toEqual([corrected]);
  });

  it('parks an entry of a form that the file has no longer', async () => {
    const whole = stage.program;
    await stage.submit('initial', { ...COMPLETE, level: '', name: '戊', email: 'e@example.com' });
    await stage.script.idle();
    await stage.restart((program) => ({
      ...program,
      forms: program.forms.filter(({ key }) => key !== 'initial'),
    }));
    await stage.settle();
    const quarantined = await query(stage.service.store.db)
      .selectFrom('quarantined_rows')
      .select('reason')
      .execute();
    expect(quarantined).toEqual([{ reason: '設定檔沒有表單 initial。' }]);
    await stage.restart(() => whole);
    await stage.settle();
    expect(
      await query(stage.service.store.db).selectFrom('quarantined_rows').select('reason').execute(),
    ).toEqual([]);
    expect(stage.mailsTo('e@example.com')).toHaveLength(1);
  });
});
