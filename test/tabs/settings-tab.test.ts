import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SETTINGS } from '../../contract/tabs.ts';
import { openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage({ program: 'test/fixtures/inputs/rounds-exact.yaml', now: '2024-04-10T02:00:00Z' });
  await stage.settle();
});
afterEach(() => stage.close());

const row = (key: string) =>
  stage.readTab('office', 'settings', SETTINGS).rows.find((each) => each.cells.key === key)?.cells;
const type = async (key: string, value: string) => {
  stage.type('office', 'settings', SETTINGS, key, { value });
  await stage.settle();
};

describe('a setting is what a person typed', () => {
  it('so that a new value of the program file takes effect by itself', async () => {
    expect(row('deadlines/correctionDays')).toMatchObject({ current: '5', value: '' });
    await stage.restart((program) => ({
      ...program,
      version: '2',
      deadlines: { ...program.deadlines, correctionDays: 8 },
    }));
    await stage.settle();
    expect(row('deadlines/correctionDays')).toMatchObject({ current: '8', value: '' });
  });

  it('and not what 0.1 filled in: those cells are emptied, also after the file has changed', async () => {
    await type('deadlines/reviewDays', '20');
    // The office of 0.1: each cell holds what the file said when the tab was made.
    stage.type('office', 'settings', SETTINGS, 'deadlines/correctionDays', { value: '5' });
    await stage.restart((program) => ({
      ...program,
      version: '2',
      deadlines: { ...program.deadlines, correctionDays: 8 },
    }));
    await stage.settle();
    expect(row('deadlines/correctionDays')).toMatchObject({ current: '8', value: '', problem: '' });
    expect(row('deadlines/reviewDays')).toMatchObject({ current: '20', value: '20' });
  });
});

describe('control characters that were pasted into a setting', () => {
  it('are left out, and no mail, row or ledger stops at them', async () => {
    await type('deadlines/correctionDays', '\u00007\uffff');
    expect(row('deadlines/correctionDays')).toMatchObject({ current: '7', problem: '' });
    await type('administrators', 'admin\u0000@office.example\u000b\u0001');
    expect(row('administrators')).toMatchObject({ current: 'admin@office.example', problem: '' });
    const key = 'contact/office/office';
    await type(key, '\u0007教育局\u0000課\ufffe\u001b');
    expect(row(key)).toMatchObject({ current: '教育局課', problem: '' });
    // What is nothing else is as an empty cell: the program file's value stands.
    await type(key, '\u0000\u0007');
    expect(row(key)).toMatchObject({ problem: '' });
    expect(row(key)?.current).not.toBe('教育局課');
  });
});

describe('a round', () => {
  it('is extended in its own row, for every form that goes by it', async () => {
    expect(row('round/first/to')).toMatchObject({ label: '第一梯次：迄日', current: '113-04-15' });
    await type('round/first/to', '113-04-30');
    expect(row('round/first/to')).toMatchObject({ current: '113-04-30', problem: '' });
    stage.clock.set(new Date('2024-04-20T02:00:00Z'));
    const { program } = await stage.service.context();
    expect(program.rounds.find(({ key }) => key === 'first')?.to).toBe('2024-04-30');
    await type('round/first/to', '113-02-01');
    expect(row('round/first/to')?.problem).toContain('起日不可晚於迄日');
  });
});
