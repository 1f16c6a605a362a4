import { query } from '../../sync-service/src/ledger/query.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { CASES, QUEUE } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';
import { storyOn } from '../stage/story.ts';

let stage: Stage;
afterEach(() => stage.close());

const FORM = 'advanced-mentor-106-107';
const alerts = () =>
  stage.mailsTo('admin@office.example').filter(({ subject }) => subject.includes('無法處理'));

describe('an entry that no route takes', () => {
  it('is quarantined with its reason, told once, and delays nobody', async () => {
    // A file of an office that began before the loader knew of such a gap.
    stage = await openStage({
      change: (program) => ({
        ...program,
        routes: program.routes.filter(({ key }) => key !== 'current-year'),
      }),
    });
    await stage.submit(FORM, { ...COMPLETE, email: 'first@example.com', 'school-year': '108' });
    await stage.submit(FORM, { ...COMPLETE, email: 'second@example.com', name: '李二' });
    await stage.settle();
    await stage.settle();
    expect(stage.mailsTo('second@example.com')).toHaveLength(1);
    expect(stage.mailsTo('first@example.com')).toHaveLength(0);
    expect(alerts()).toHaveLength(1);
    expect(alerts()[0]?.text).toContain('設定檔沒有路徑適用於');
    expect(alerts()[0]?.text).not.toContain(COMPLETE.name);
    const quarantined = await query(stage.service.store.db)
      .selectFrom('quarantined_rows')
      .selectAll()
      .execute();
    expect(quarantined).toMatchObject([{ reason: expect.stringContaining('when: {}') }]);
    // Once the file names it, the entry is taken in by itself.
    await stage.restart((program) => ({
      ...program,
      routes: [
        ...program.routes,
        { key: 'rest', when: {}, form: null, stages: ['ministry-enquiry'], next: '' },
      ],
    }));
    await stage.settle();
    expect(stage.mailsTo('first@example.com')).toHaveLength(1);
  });
});

describe('two rounds with nothing between them', () => {
  it('a correction that comes after the first round is routed by the first receipt', async () => {
    stage = await openStage({
      program: 'test/fixtures/inputs/rounds-exact.yaml',
      now: '2024-04-15T02:00:00Z',
    });
    const answers = { email: 'late@example.com', name: '', consent: '我已閱讀並同意' };
    const { editUrl } = await stage.submit('form', answers);
    await stage.settle();
    stage.clock.set(new Date('2024-04-18T02:00:00Z'));
    await stage.submit('form', { ...answers, name: '王小明' }, editUrl);
    await stage.settle();
    expect(
      stage.readTab('office', 'cases', CASES).rows.map(({ cells }) => [cells.case, cells.state]),
    ).toEqual([['MINI-000001', '審核中']]);
    expect(stage.mailsTo('late@example.com').map(({ subject }) => subject)).toEqual([
      expect.stringContaining('補正'),
      expect.stringContaining('已收到您的填報'),
    ]);
  });
});

describe('a row that cannot be rendered', () => {
  it('stays as it is, and the other rows go on', async () => {
    stage = await openStage();
    const story = storyOn(stage);
    const [one, other] = await story.openAll(FORM, [{}, {}]);
    await query(stage.service.store.db)
      .updateTable('cases')
      .set({ facts: '{}', changed_at: new Date('2020-04-22T00:00:00Z') })
      .where('number', '=', one?.number ?? '')
      .execute();
    await stage.settle();
    const numbers = () => stage.readTab('platform', 'queue', QUEUE).rows.map(({ cells }) => cells.case);
    expect(numbers()).toEqual([one?.number, other?.number]);
    const third = await story.open(FORM);
    expect(numbers()).toEqual([one?.number, other?.number, third.number]);
    expect(alerts().length).toBeGreaterThan(0);
  });
});
