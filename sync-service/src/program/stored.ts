import { createHash } from 'node:crypto';
import { type Program, programFileSchema } from '../cases/program-rules.ts';
import { PLAIN_WEEKS } from '../cases/calendar/working-days.ts';
import { withoutRetired } from './retired-keys.ts';

/**
 * A program as one text, and the hash that tells it from every other: comments and layout of the file do not count, nor
 * who stands in its rosters of persons, nor when offices work. These names stay in the office's own files, and a new
 * year's holidays are no new rules.
 */
export function writeProgram(program: Program): { hash: string; content: string } {
  const rosters = program.rosters.map((roster) => ({ ...roster, people: [] }));
  const { calendar: _calendar, ...rules } = program;
  const content = JSON.stringify({ ...rules, rosters });
  return { hash: createHash('sha256').update(content).digest('hex'), content };
}

const READ_LATELY = new Map<string, Program>();

/**
 * Reads it back, with empty rosters and without holidays. What a later release has added to the schema takes its
 * default, and what it reads no more is left out.
 */
export function readProgram(hash: string, content: string): Program {
  const known = READ_LATELY.get(hash);
  if (known) return known;
  const { file: kept } = withoutRetired(JSON.parse(content));
  const {
    schools,
    rosterMustMatch,
    rosters = [],
    ...file
  } = kept as Omit<Program, 'rosters' | 'calendar'> & Partial<Pick<Program, 'rosters'>>;
  // The keys stand in the order in which the loader writes them, so that the same rules have one hash.
  const {
    schools: roster,
    rosters: _none,
    holidays: _files,
    ...rest
  } = programFileSchema.parse({
    ...file,
    schools: { file: 'in the ledger', mustMatch: rosterMustMatch },
  });
  const program = { ...rest, calendar: PLAIN_WEEKS, schools, rosterMustMatch: roster.mustMatch, rosters };
  READ_LATELY.set(hash, program);
  return program;
}

/** Whether a program need not be fetched to be read. */
export function isReadLately(hash: string): boolean {
  return READ_LATELY.has(hash);
}
