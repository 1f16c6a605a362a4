import { query } from '../../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { COMPLETE, openStage, type Stage } from '../../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({
    change: (program) => ({
      ...program,
      routes: program.routes.toSpliced(1, 0, {
        key: 'asked-before',
        when: { level: 'initial', sent: 'training-record-problem' },
        form: 'initial',
        stages: ['ministry-enquiry'],
        next: '',
      }),
    }),
  });
});
afterEach(() => stage.close());

const send = async (form: string, answers: Record<string, string>) => {
  stage.clock.advance(60_000);
  const { responseId } = await stage.submit(form, { ...COMPLETE, ...answers });
  await stage.settle();
  const cases = query(stage.service.store.db).selectFrom('cases').selectAll();
  return cases.where('response_id', '=', responseId).executeTakeFirstOrThrow();
};

it('a route may ask what the same person has sent before; what still waits for a correction was not sent', async () => {
  const enquiry = { description: '研習缺漏', 'certificate-number': '', 'school-year': '' };
  expect(await send('initial', { name: '甲先生' })).toMatchObject({ route: 'initial' });
  await send('training-record-problem', { name: '乙先生', ...enquiry });
  expect(await send('initial', { name: '乙 先生' })).toMatchObject({
    route: 'asked-before',
    queue: 'ministry',
  });
  await send('training-record-problem', { name: '丙先生', ...enquiry, description: '' });
  expect(await send('initial', { name: '丙先生' })).toMatchObject({ route: 'initial', queue: 'city-center' });
});
