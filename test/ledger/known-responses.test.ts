import { query } from '../../sync-service/src/ledger/query.ts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshRows } from '../../sync-service/src/cli/files/import-rows.ts';
import type { ResponseRow } from '../../sync-service/src/cli/files/responses.ts';
import { receive } from '../../sync-service/src/casework/intake/receive.ts';
import { readKnownResponses } from '../../sync-service/src/ledger/known-responses.ts';
import { COMPLETE, DAY_MS, openStage, type Stage } from '../stage/stage.ts';

const FORM = 'advanced-mentor-106-107';
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

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

it('and an edit of it continues that case', async () => {
  stage.clock.advance(DAY_MS);
  const [found] = await casesOf('乙先生');
  const answers = {
    ...COMPLETE,
    name: '乙先生',
    email: 'two@example.com',
    'certificate-number': '臺教師(三)字第1060000003號',
  };
  await stage.submit(FORM, answers, found?.edit_url);
  await stage.settle();
  expect(await casesOf('乙先生')).toMatchObject([{ number: found?.number, revision: 2 }]);
});

it('the same words at another time are another response', async () => {
  stage.clock.advance(DAY_MS);
  await stage.submit(FORM, { ...COMPLETE, name: '甲先生', email: 'One@Example.com' });
  await stage.settle();
  expect((await casesOf('甲先生')).map(({ state }) => state)).toEqual(['in-review', 'duplicate']);
});
