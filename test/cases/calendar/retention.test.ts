import { describe, expect, it } from 'vitest';
import { programEnd, retentionEnd } from '../../../sync-service/src/cases/calendar/retention.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';

const tainan = await loadProgram('programs/tainan-109.yaml');
const early = new Date('2020-04-21T01:00:00Z');

describe('the end of a program', () => {
  it('is the last day of all windows, those of the desks too', () => {
    expect(programEnd(tainan)).toBe('2020-07-31');
    const forms = tainan.forms.map((form) => ({
      ...form,
      window: { open: true, extensions: [], to: '2020-12-31' },
    }));
    expect(programEnd({ ...tainan, forms })).toBe('2020-12-31');
    const queues = tainan.queues.map((queue) => ({
      ...queue,
      window: { open: true, extensions: [], to: '2020-08-31' },
    }));
    expect(programEnd({ ...tainan, queues })).toBe('2020-08-31');
  });

  it('is the last round that a window names', async () => {
    const program = await loadProgram('programs/example-two-stage.yaml');
    const last = program.rounds
      .flatMap(({ to }) => to ?? [])
      .toSorted()
      .at(-1);
    expect(programEnd({ ...program, queues: [] })).toBe(last);
  });

  it('is unknown where no window ends', () => {
    const without = { ...tainan, forms: [], queues: [], rounds: [] };
    expect(programEnd(without)).toBeNull();
    expect(retentionEnd(without, early)).toBeNull();
  });
});

describe('retention', () => {
  it('ends so many months after the program, at midnight in Taipei', () => {
    expect(retentionEnd(tainan, early)).toEqual(new Date('2022-07-31T16:00:00Z'));
    expect(retentionEnd({ ...tainan, retentionMonths: 7 }, early)).toEqual(new Date('2021-02-28T16:00:00Z'));
  });

  it('counts from the last move of a case where that is later', () => {
    expect(retentionEnd(tainan, new Date('2021-01-15T03:00:00Z'))).toEqual(new Date('2023-01-15T16:00:00Z'));
  });
});
