import { query } from '../../sync-service/src/ledger/query.ts';
import type { Trigger } from '../../sync-service/src/cases/lifecycle.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ACTIONS, BATCHES, CASES, DISPATCH, QUEUE, SCOPES } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

/** A number pasted over another row's carries nothing that was typed there to the other case. */

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

const events = async (trigger: Trigger) =>
  query(stage.service.store.db)
    .selectFrom('events')
    .innerJoin('cases', 'cases.id', 'events.case_id')
    .select(['cases.number', 'events.reason'])
    .where('events.trigger', '=', trigger)
    .execute();

async function submit(form: string, count: number, answers: Record<string, string> = {}) {
  for (let index = 1; index <= count; index += 1)
    await stage.submit(form, {
      ...COMPLETE,
      'certificate-number': `臺教師字第${index}號`,
      email: `t${index}@example.com`,
      ...answers,
    });
  await stage.settle();
}

/** Long enough for a tick to be seen, refused, forgotten, seen again and taken. */
async function wait() {
  for (let time = 0; time < 3; time += 1) await stage.afterGrace();
}

describe('in the list of all cases', () => {
  it('withdraws neither of two certificates of one teacher', async () => {
    await submit('advanced-mentor-106-107', 2);
    const [one, two] = stage.readTab('office', 'cases', CASES).rows;
    stage.paste('office', 'cases', CASES, one?.index ?? 0, {
      case: String(two?.cells.case),
      action: ACTIONS.withdraw,
      reason: '教師來電',
      ready: true,
    });
    await wait();
    expect(await events('withdrawn')).toEqual([]);
    const rows = stage.readTab('office', 'cases', CASES).rows;
    expect(rows.map((row) => row.cells.case).toSorted()).toEqual([one?.cells.case, two?.cells.case]);
    expect(rows.some((row) => row.cells.ready === true)).toBe(false);
  });
});

describe('in the list of cases that wait for a letter', () => {
  beforeEach(async () => {
    await submit('advanced-mentor-105-earlier', 2, { 'school-year': '104' });
    for (const number of ['TN109-000001', 'TN109-000002'])
      stage.type('city-center', 'queue', QUEUE, number, { decision: '審核通過，列入函報', ready: true });
    await stage.afterGrace();
  });

  it('sends back neither case, and says why', async () => {
    const [one, two] = stage.readTab('city-center', 'dispatch', DISPATCH).rows;
    stage.paste('city-center', 'dispatch', DISPATCH, one?.index ?? 0, {
      case: String(two?.cells.case),
      back: true,
    });
    await wait();
    expect(await events('reversed')).toEqual([]);
    const rows = stage.readTab('city-center', 'dispatch', DISPATCH).rows;
    expect(rows).toHaveLength(2);
    expect(rows.some((row) => row.cells.back === true)).toBe(false);
    expect(rows.some((row) => String(row.cells.result).includes('不符'))).toBe(true);
  });

  it('puts neither case on a roster', async () => {
    const [one, two] = stage.readTab('city-center', 'dispatch', DISPATCH).rows;
    const [batch] = stage.readTab('city-center', 'batches', BATCHES).rows;
    stage.type('city-center', 'batches', BATCHES, String(batch?.cells.batch), {
      scope: SCOPES.ticked,
      roster: true,
    });
    await stage.service.cycle();
    stage.clock.advance(10 * 60_000);
    // At the last moment.
    stage.paste('city-center', 'dispatch', DISPATCH, one?.index ?? 0, {
      case: String(two?.cells.case),
      select: true,
    });
    await stage.service.cycle();
    expect((await events('compiled')).filter(({ reason }) => reason.startsWith('列入'))).toEqual([]);
  });

  it('sends no letter from a row whose batch was pasted over', async () => {
    const [first] = stage.readTab('city-center', 'batches', BATCHES).rows;
    const number = String(first?.cells.batch);
    stage.type('city-center', 'batches', BATCHES, number, { scope: SCOPES.all, roster: true });
    await stage.afterGrace();
    const { height } = stage.readTab('city-center', 'batches', BATCHES);
    stage.paste('city-center', 'batches', BATCHES, height + 1, {
      batch: number,
      letterNumber: '府教字第1號',
      letterDate: '109-05-11',
      send: true,
    });
    await wait();
    expect(await events('dispatched')).toEqual([]);
    const rows = stage.readTab('city-center', 'batches', BATCHES).rows;
    expect(rows.some((row) => row.cells.send === true)).toBe(false);
    expect(rows.some((row) => String(row.cells.result).includes('不符'))).toBe(true);
  });
});
