import { describe, expect, it } from 'vitest';
import { PLAIN_WEEKS } from '../../sync-service/src/cases/calendar/working-days.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { readProgram, writeProgram } from '../../sync-service/src/program/stored.ts';

describe.each([
  'programs/tainan-109.yaml',
  'programs/example-two-stage.yaml',
])('%s in the ledger', async (file) => {
  const program = await loadProgram(file);

  it('comes back as it was, the first contact first', () => {
    const { hash, content } = writeProgram(program);
    const back = readProgram(hash, content);
    expect(back).toEqual({
      ...program,
      rosters: program.rosters.map((each) => ({ ...each, people: [] })),
      calendar: PLAIN_WEEKS,
    });
    expect(Object.keys(back.contacts)).toEqual(Object.keys(program.contacts));
    expect(writeProgram(back).hash).toBe(hash);
  });

  it('is another version with another rule or another school, and the same when loaded again', async () => {
    const { hash } = writeProgram(program);
    expect(writeProgram(await loadProgram(file)).hash).toBe(hash);
    expect(writeProgram({ ...program, mentorYears: 9 }).hash).not.toBe(hash);
    const people = program.rosters.map((roster) => ({
      ...roster,
      people: [...roster.people, ...roster.people],
    }));
    expect(writeProgram({ ...program, rosters: people }).hash).toBe(hash);
    const calendar = { ...program.calendar, daysOff: [...program.calendar.daysOff, '2020-07-01'] };
    expect(writeProgram({ ...program, calendar }).hash).toBe(hash);
    expect(writeProgram({ ...program, schools: program.schools.slice(1) }).hash).not.toBe(hash);
  });

  it('takes the default of what a later release has added', () => {
    const { hash, content } = writeProgram(program);
    const { deadlines: _, letter: _words, ...earlier } = JSON.parse(content) as Record<string, unknown>;
    const text = JSON.stringify(earlier);
    expect(readProgram(`${hash}-earlier`, text)).toMatchObject({
      deadlines: { reminderDays: 1 },
      letter: { receiver: '', checkColumn: '核對結果' },
    });
  });
});
