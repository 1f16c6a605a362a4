import { query } from '../../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { intakeKey } from '../../../contract/intake-key.ts';
import { receive } from '../../../sync-service/src/casework/intake/receive.ts';
import { COMPLETE, openStage, type Stage } from '../../stage/stage.ts';

const FORM = 'advanced-mentor-106-107';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** One entry as the script writes it: what was typed, and the address that Google collected. */
async function take(serial: number, typed: string, collected = '') {
  const revision = stage.clock.now().toISOString();
  const responseId = `response-${serial}`;
  await receive(await stage.service.context(), {
    key: intakeKey(FORM, responseId, revision),
    form: FORM,
    responseId,
    revision,
    receivedAt: revision,
    email: collected,
    answers: {
      ...COMPLETE,
      name: `王${serial}`,
      'certificate-number': `臺教師(三)字第106992220${serial}號`,
      email: typed,
    },
    editUrl: 'https://docs.google.com/forms/d/e/X/viewform?edit2=Y',
    source: 'trigger',
  });
  await stage.settle();
  const found = await query(stage.service.store.db)
    .selectFrom('cases')
    .selectAll()
    .where('response_id', '=', responseId)
    .executeTakeFirstOrThrow();
  return { found, mail: stage.mailsTo(found.email).at(-1) };
}

it('a name and brackets round an address reach its owner, who is asked, and the desk is told', async () => {
  const { found, mail } = await take(1, '王小明 <Wang＠example.com>');
  expect(found).toMatchObject({ email: 'wang@example.com', state: 'in-review', findings: ['email.unclear'] });
  expect(mail?.text).toContain('不是單一的地址');
  expect(mail?.text).toContain('修改填報內容');
});

it('where nothing can be read, the address that Google has verified is written to', async () => {
  const { found, mail } = await take(2, '我沒有信箱', 'lin@example.com');
  expect(found).toMatchObject({ email: 'lin@example.com', state: 'in-review', findings: ['email.verified'] });
  expect(mail?.text).toContain('改寄到您填表時登入的 Google 帳號');
});

it('a slip in the domain is asked about; the account is written to where there is one', async () => {
  const alone = await take(3, 'chen@gmial.con');
  expect(alone.found).toMatchObject({ email: 'chen@gmial.con', findings: ['email.possible-slip'] });
  expect(alone.mail?.text).toContain('您填的信箱網域是「gmial.con」，是不是「gmail.com」？');
  const known = await take(4, 'chen@gmial.con', 'chen@gmail.com');
  expect(known.found).toMatchObject({ email: 'chen@gmail.com', findings: ['email.verified'] });
});

it('who plainly types another address than their account is written to there, and asked nothing', async () => {
  const { found, mail } = await take(5, 'wu@example.com', 'account@example.com');
  expect(found).toMatchObject({ email: 'wu@example.com', findings: [] });
  expect(mail?.text).not.toContain('信箱網域');
});
