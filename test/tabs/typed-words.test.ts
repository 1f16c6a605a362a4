import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { QUEUE, type QueueKey, SETTINGS, TEMPLATES } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

/** What a person types is parsed by Sheets: 0912345678 loses its zero, =請補件 becomes an error. */

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const NUMBER = 'TN109-000001';
const row = () => stage.readTab('city-center', 'queue', QUEUE).rows[0]?.cells;
const lastMail = () => stage.mailsTo('teacher@example.com').at(-1);

/** The reason as it is typed into a cell without a format: of a row that somebody pasted, say. */
async function unformatted(key: QueueKey) {
  const { spreadsheetId, tabIds } = stage.documentOf('city-center');
  const { columns, rows } = stage.readTab('city-center', 'queue', QUEUE);
  const range = {
    sheetId: tabIds.queue ?? 0,
    startRowIndex: rows[0]?.index ?? 0,
    endRowIndex: (rows[0]?.index ?? 0) + 1,
    startColumnIndex: columns[key],
    endColumnIndex: columns[key] + 1,
  };
  stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
    requests: [{ repeatCell: { range, cell: {}, fields: 'userEnteredFormat' } }],
  });
}

const reject = async (reason: string) => {
  stage.type('city-center', 'queue', QUEUE, NUMBER, { decision: '不予登錄', reason, ready: true });
  await stage.afterGrace();
};

describe('a reason', () => {
  beforeEach(async () => {
    await stage.submit('initial', COMPLETE);
    await stage.settle();
  });

  it.each(['0912345678', '2020/5/1', '5%', '+請補', '007'])('%s is sent as it was typed', async (reason) => {
    await reject(reason);
    expect(await stage.caseOf(NUMBER)).toMatchObject({ state: 'rejected' });
    expect(lastMail()?.text).toContain(reason);
  });

  it('that Sheets took for a number or a date is read as it is shown', async () => {
    await unformatted('reason');
    await reject('5%');
    expect(lastMail()?.text).toContain('5%');
    expect(lastMail()?.text).not.toContain('0.05');
  });

  it.each([
    '=請補件',
    '+請補',
    '#ERROR!',
  ])('%s that came to nothing is refused with a sentence', async (typed) => {
    await unformatted('reason');
    await reject(typed);
    expect(await stage.caseOf(NUMBER)).toMatchObject({ state: 'in-review' });
    expect(row()).toMatchObject({ ready: false, decision: '不予登錄' });
    expect(row()?.result).toContain('「理由」填的是公式或錯誤值');
    await reject('請補件');
    expect(lastMail()?.text).toContain('請補件');
  });
});

it('a setting that is a formula is refused with a sentence, and the old value stays in force', async () => {
  await stage.settle();
  const key = 'deadlines/correctionDays';
  const setting = () =>
    stage.readTab('office', 'settings', SETTINGS).rows.find(({ cells }) => cells.key === key)?.cells;
  const before = setting()?.current;
  stage.type('office', 'settings', SETTINGS, key, { value: '=5+3' });
  await stage.settle();
  expect(setting()).toMatchObject({ current: before });
  expect(setting()?.problem).toContain('「要改成」填的是公式或錯誤值');
  stage.type('office', 'settings', SETTINGS, key, { value: '8' });
  await stage.settle();
  expect(setting()).toMatchObject({ current: '8', problem: '' });
});

it('words of a notice that are an error are refused with a sentence', async () => {
  await stage.settle();
  const words = () =>
    stage.readTab('office', 'templates', TEMPLATES).rows.find(({ cells }) => cells.kind === 'acknowledgement')
      ?.cells;
  stage.type('office', 'templates', TEMPLATES, 'acknowledgement', { subject: '#REF!' });
  await stage.settle();
  expect(words()?.problem).toContain('「主旨」填的是公式或錯誤值');
});
