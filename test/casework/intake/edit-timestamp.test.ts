import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { INTAKE_COLUMNS, type IntakeColumn, withoutDigest } from '../../../contract/intake-key.ts';
import { INTAKE, QUEUE } from '../../../contract/tabs.ts';
import { query } from '../../../sync-service/src/ledger/query.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../../stage/stage.ts';

/** Nobody knows whether the time that Apps Script tells of a response moves when its teacher edits it. */

const FORM = 'advanced-mentor-106-107';
const NUMBER = 'TN109-000001';
const BETTER = { evidence: 'https://drive.google.com/open?id=better' };
let stage: Stage;
/** How often each trigger runs. */
let times: number;
afterEach(() => stage.close());

const send = (editUrl?: string, answers: Record<string, string> = {}) => {
  stage.clock.advance(60_000);
  return stage.submit(FORM, { ...COMPLETE, ...answers }, editUrl);
};
/** The daily sweep, which compares every response with its row. */
const sweepWhole = async () => {
  stage.clock.advance(DAY_MS + 60_000);
  await stage.script.fireClock();
  await stage.settle();
};
const mails = () => stage.mailsTo(COMPLETE.email).length;
const queueRow = () => stage.readTab('platform', 'queue', QUEUE).rows[0]?.cells;
const intake = () => stage.readTab('office', 'intake', INTAKE).rows;
const keys = () => intake().map(({ cells }) => String(cells.key));
const revisions = () =>
  query(stage.service.store.db)
    .selectFrom('revisions')
    .select(['key', 'revision'])
    .orderBy('revision')
    .execute();

function changeSheet(requests: object[]) {
  const { spreadsheetId } = stage.documentOf('office');
  stage.google.emulator.sheets.batchUpdate(spreadsheetId, { requests });
}
function deleteRow(index: number) {
  const { tabIds } = stage.documentOf('office');
  const range = { sheetId: tabIds.intake, dimension: 'ROWS', startIndex: index, endIndex: index + 1 };
  changeSheet([{ deleteDimension: { range } }]);
}
function typeOver(index: number, column: IntakeColumn, text: string) {
  const { tabIds } = stage.documentOf('office');
  const start = {
    sheetId: tabIds.intake,
    rowIndex: index,
    columnIndex: Object.keys(INTAKE_COLUMNS).indexOf(column),
  };
  const rows = [{ values: [{ userEnteredValue: { stringValue: text } }] }];
  changeSheet([{ updateCells: { start, rows, fields: 'userEnteredValue' } }]);
}
/** The office as a release before 0.2 left it. */
async function carryOver() {
  for (const { index, cells } of intake()) typeOver(index, 'key', withoutDigest(String(cells.key)));
  for (const { key } of await revisions())
    await query(stage.service.store.db)
      .updateTable('revisions')
      .set({ key: withoutDigest(key) })
      .where('key', '=', key)
      .execute();
}

describe.each(['stays', 'moves'] as const)('where the time of an edited response %s', (editTimestamp) => {
  beforeEach(async () => {
    times = 1;
    stage = await openStage({ switches: { editTimestamp }, deliver: () => ({ times }) });
  });

  it('an edit is a revision, and so is the way back, however often triggers and sweeps tell of them', async () => {
    times = 2;
    const { editUrl } = await send();
    await stage.settle();
    await send(editUrl, BETTER);
    await stage.settle();
    expect(queueRow()).toMatchObject({ revision: 2, changed: '證書掃描檔' });
    await send(editUrl);
    await stage.settle();
    await sweepWhole();
    expect(queueRow()).toMatchObject({ revision: 3 });
    expect(new Set(keys()).size).toBe(3);
    expect(keys()).toHaveLength(3);
    expect((await revisions()).map(({ key }) => key)).toEqual(keys());
    expect((await stage.caseOf(NUMBER)).answers.evidence).toBe(COMPLETE.evidence);
    expect(mails()).toBe(3);
  });

  it('an edit that no trigger reported is found within a day', async () => {
    const { editUrl } = await send();
    await sweepWhole();
    times = 0;
    await send(editUrl, BETTER);
    await sweepWhole();
    expect(await stage.caseOf(NUMBER)).toMatchObject({ revision: 2, answers: BETTER });
  });

  it('a response that is sent again unchanged is no version', async () => {
    const { editUrl } = await send();
    await stage.settle();
    await send(editUrl);
    await sweepWhole();
    expect(queueRow()).toMatchObject({ revision: 1, changed: '' });
    expect(mails()).toBe(1);
  });

  it('the latest is what was sent last, in whatever order the rows are read', async () => {
    const { editUrl } = await send();
    await send(editUrl, BETTER);
    const [first] = intake();
    const whole = String(first?.cells.answers);
    typeOver(first?.index ?? 0, 'answers', '壞了');
    await stage.settle();
    expect(await stage.caseOf(NUMBER)).toMatchObject({ answers: BETTER });
    typeOver(first?.index ?? 0, 'answers', whole);
    await stage.settle();
    expect(await stage.caseOf(NUMBER)).toMatchObject({ answers: BETTER });
    expect(await revisions()).toHaveLength(2);
  });

  it('rows that somebody deleted come back under their keys', async () => {
    const { editUrl } = await send();
    await send(editUrl, BETTER);
    await stage.settle();
    const before = keys();
    deleteRow(intake()[1]?.index ?? 0);
    await sweepWhole();
    expect(keys()).toEqual(before);
    expect(mails()).toBe(2);
    expect(await revisions()).toHaveLength(2);
  });

  it('an edit after its rows were deleted is a revision', async () => {
    const { editUrl } = await send();
    await send(editUrl, BETTER);
    await stage.settle();
    deleteRow(intake()[1]?.index ?? 0);
    deleteRow(intake()[0]?.index ?? 0);
    await send(editUrl, { evidence: 'https://drive.google.com/open?id=third' });
    await stage.settle();
    expect((await stage.caseOf(NUMBER)).answers.evidence).toMatch(/third$/u);
  });

  it('rows of an older release are carried over, and an edit of theirs is seen', async () => {
    const { editUrl } = await send();
    await stage.settle();
    await carryOver();
    const before = keys();
    await sweepWhole();
    expect(keys()).toEqual(before);
    // Somebody deletes the row: it comes back by the name of this release, and is known.
    deleteRow(intake()[0]?.index ?? 0);
    await sweepWhole();
    expect(keys()).toHaveLength(1);
    expect(await revisions()).toHaveLength(1);
    await carryOver();
    await send(editUrl, BETTER);
    await sweepWhole();
    expect(await stage.caseOf(NUMBER)).toMatchObject({ revision: 2, answers: BETTER });
    expect(keys()).toHaveLength(2);
    expect(mails()).toBe(2);
  });

  it('a question that the office takes out of the form is no edit by every teacher', async () => {
    await send(undefined, { note: '請儘快' });
    await stage.settle();
    const { formId = '', fields = {} } = stage.service.office.forms[FORM] ?? {};
    const items = stage.google.forms.get(formId).items ?? [];
    const index = items.findIndex(({ title }) => fields[title ?? ''] === 'note');
    stage.google.forms.batchUpdate(formId, { requests: [{ deleteItem: { location: { index } } }] });
    await sweepWhole();
    expect(keys()).toHaveLength(1);
    expect(mails()).toBe(1);
  });

  it('a version is written once where triggers overlap, and the last one is judged', async () => {
    const { editUrl } = await send();
    stage.clock.advance(60_000);
    times = 2;
    await Promise.all(
      ['second', 'third', 'fourth'].map((id) =>
        stage.submit(FORM, { ...COMPLETE, evidence: `https://drive.google.com/open?id=${id}` }, editUrl),
      ),
    );
    await sweepWhole();
    const { formId = '' } = stage.service.office.forms[FORM] ?? {};
    const [held] = stage.google.forms.responses(formId);
    const { answers } = await stage.caseOf(NUMBER);
    expect(Object.values(held?.answers ?? {})).toContain(answers.evidence);
    expect(new Set(keys()).size).toBe(keys().length);
    expect(await revisions()).toHaveLength(keys().length);
  });
});
