import { query } from '../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { freshRows } from '../../sync-service/src/cli/files/import-rows.ts';
import type { ResponseRow } from '../../sync-service/src/cli/files/responses.ts';
import { receive } from '../../sync-service/src/casework/intake/receive.ts';
import { readKnownResponses } from '../../sync-service/src/ledger/known-responses.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../stage/stage.ts';

const FORM = 'advanced-mentor-106-107';
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** The row of an export, which says the time to the second and gives the address as Google collected it. */
function listed(answers: Record<string, string>): ResponseRow {
  const receivedAt = new Date(Math.floor(stage.clock.now().getTime() / 1000) * 1000);
  const revision = receivedAt.toISOString();
  const submission = { form: FORM, responseId: '', revision, receivedAt, answers, editUrl: '' };
  return { form: FORM, row: 2, submission };
}
async function importRows(...rows: ResponseRow[]) {
  const { program } = stage;
  const { store } = stage.service;
  const context = await stage.service.context();
  const fresh = freshRows(await readKnownResponses(store.db, program.key), rows);
  for (const row of fresh) await receive(context, row);
  await stage.settle();
  return fresh.length;
}
const casesOf = (name: string) =>
  query(stage.service.store.db)
    .selectFrom('cases')
    .selectAll()
    .where('name_key', '=', name)
    .orderBy('id')
    .execute();

it('a response that came by the form is known in the export', async () => {
  const answers = { ...COMPLETE, name: '甲先生', email: 'One@Example.com' };
  await stage.submit(FORM, answers);
  await stage.settle();
  expect(await importRows(listed({ ...answers, note: '' }))).toBe(0);
  expect(await casesOf('甲先生')).toHaveLength(1);
});

it.each(['stays', 'moves'] as const)('so is an edited one whose time %s', async (editTimestamp) => {
  await stage.close();
  stage = await openStage({ switches: { editTimestamp } });
  const answers = { ...COMPLETE, name: '甲先生', email: 'one@example.com' };
  const { editUrl } = await stage.submit(FORM, answers);
  await stage.settle();
  const first = listed({ ...answers, note: '改過' });
  stage.clock.advance(60_000);
  await stage.submit(FORM, { ...answers, note: '改過' }, editUrl);
  await stage.settle();
  const second = listed({ ...answers, note: '改過' });
  // Which of the two times an export tells nobody knows either.
  if (editTimestamp === 'stays') expect(await importRows(first)).toBe(0);
  expect(await importRows(second)).toBe(0);
  expect(await casesOf('甲先生')).toHaveLength(1);
});

it('a response that an export brought is adopted when the form tells it: one case, one notice, now with its edit link', async () => {
  stage.clock.advance(DAY_MS + 437);
  const answers = {
    ...COMPLETE,
    name: '乙先生',
    email: 'two@example.com',
    'certificate-number': '臺教師(三)字第1060000002號',
  };
  const row = listed(answers);
  expect(await importRows(row)).toBe(1);
  const [before] = await casesOf('乙先生');
  expect(before).toMatchObject({ state: 'in-review', edit_url: '' });
  const { responseId, editUrl } = await stage.submit(FORM, answers);
  await stage.settle();
  const after = await casesOf('乙先生');
  expect(after).toHaveLength(1);
  expect(after[0]).toMatchObject({
    number: before?.number,
    response_id: responseId,
    edit_url: editUrl,
    revision: 1,
  });
  expect(stage.mailsTo('two@example.com')).toHaveLength(1);
  expect(await importRows(row)).toBe(0);
});

it('an edit of a response that an export brought continues its case', async () => {
  const answers = { ...COMPLETE, name: '乙先生' };
  await importRows(listed(answers));
  const { editUrl } = await stage.submit(FORM, answers);
  await stage.settle();
  const [found] = await casesOf('乙先生');
  stage.clock.advance(DAY_MS);
  await stage.submit(FORM, { ...answers, 'certificate-number': '臺教師(三)字第1060000003號' }, editUrl);
  await stage.settle();
  expect(await casesOf('乙先生')).toMatchObject([{ number: found?.number, revision: 2 }]);
});

it('the same words at another time are another response', async () => {
  const answers = { ...COMPLETE, name: '甲先生', email: 'One@Example.com' };
  await stage.submit(FORM, answers);
  await stage.settle();
  stage.clock.advance(DAY_MS);
  await stage.submit(FORM, answers);
  await stage.settle();
  expect((await casesOf('甲先生')).map(({ state }) => state)).toEqual(['in-review', 'duplicate']);
});

const mailsAbout = (address: string) => stage.mailsTo(address).length;
const minuteOf = (row: ResponseRow): ResponseRow => {
  const at = new Date(Math.floor(row.submission.receivedAt.getTime() / 60_000) * 60_000);
  return { ...row, submission: { ...row.submission, receivedAt: at, revision: at.toISOString() } };
};
/** Of the row what Excel leaves: no seconds, and a question mark for what Big5 lacks. */
const savedByExcel = (row: ResponseRow) => {
  const { submission } = row;
  const name = (submission.answers.name ?? '').replace('喆', '?');
  return minuteOf({ ...row, submission: { ...submission, answers: { ...submission.answers, name } } });
};

it('an export saved by Excel is the response that came by the form', async () => {
  stage.clock.advance(DAY_MS + 23_456);
  const answers = {
    ...COMPLETE,
    name: '陳喆甲',
    email: 'three@example.com',
    'certificate-number': '甲字第31號',
  };
  await stage.submit(FORM, answers);
  const row = listed(answers);
  await stage.settle();
  expect(await importRows(savedByExcel(row))).toBe(0);
  expect(await casesOf('陳喆甲')).toHaveLength(1);
  expect(await casesOf('陳?甲')).toHaveLength(0);
  expect(mailsAbout('three@example.com')).toBe(1);
});

it('what Excel has spoilt is whole again when the form tells it: the same case, no second notice, name and findings right', async () => {
  stage.clock.advance(DAY_MS + 23_456);
  const answers = {
    ...COMPLETE,
    name: '陳喆乙',
    email: 'four@example.com',
    'certificate-number': '甲字第32號',
  };
  const row = listed(answers);
  expect(await importRows(savedByExcel(row))).toBe(1);
  const [before] = await casesOf('陳?乙');
  expect(before?.findings).toContain('name.lost-character');
  const { responseId } = await stage.submit(FORM, answers);
  await stage.settle();
  const [after] = await casesOf('陳喆乙');
  expect(after).toMatchObject({ number: before?.number, response_id: responseId, state: 'in-review' });
  expect(after?.findings).not.toContain('name.lost-character');
  expect(await casesOf('陳?乙')).toEqual([]);
  expect(mailsAbout('four@example.com')).toBe(1);
  for (const again of [row, savedByExcel(row)]) expect(await importRows(again)).toBe(0);
});

it('or when the original export is imported after it', async () => {
  stage.clock.advance(DAY_MS + 23_456);
  const answers = {
    ...COMPLETE,
    name: '陳喆丙',
    email: 'five@example.com',
    'certificate-number': '甲字第33號',
  };
  const row = listed(answers);
  await importRows(savedByExcel(row));
  const [before] = await casesOf('陳?丙');
  await importRows(row);
  expect(await casesOf('陳喆丙')).toMatchObject([{ number: before?.number, revision: 2 }]);
  expect(mailsAbout('five@example.com')).toBe(1);
  for (const again of [row, savedByExcel(row)]) expect(await importRows(again)).toBe(0);
});

it('where the whole answer is judged otherwise, its teacher is told', async () => {
  stage.clock.advance(DAY_MS + 23_456);
  const answers = { ...COMPLETE, name: '陳大丁', email: 'six@example.com', evidence: '喆' };
  const whole = listed(answers);
  const spoilt = minuteOf({
    ...whole,
    submission: { ...whole.submission, answers: { ...whole.submission.answers, evidence: '?' } },
  });
  await importRows(spoilt);
  const [before] = await casesOf('陳大丁');
  expect(before?.state).toBe('needs-correction');
  await importRows(whole);
  expect(await casesOf('陳大丁')).toMatchObject([{ number: before?.number, state: 'in-review' }]);
  expect(mailsAbout('six@example.com')).toBe(2);
});
