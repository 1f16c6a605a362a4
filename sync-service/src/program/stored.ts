import { createHash } from 'node:crypto';
import { type Program, programFileSchema } from '../cases/program-rules.ts';

/** A program as one text, and the hash that tells it from every other: comments and layout of the file do not count. */
export function writeProgram(program: Program): { hash: string; content: string } {
  const content = JSON.stringify(program);
  return { hash: createHash('sha256').update(content).digest('hex'), content };
}

const READ_LATELY = new Map<string, Program>();

/** The same back; what a later release has added to the schema takes its default. */
export function readProgram(hash: string, content: string): Program {
  const known = READ_LATELY.get(hash);
  if (known) return known;
  const { schools, rosterMustMatch, ...file } = JSON.parse(content) as Program;
  const { schools: roster, ...rest } = programFileSchema.parse({
    ...file,
    schools: { file: 'in the ledger', mustMatch: rosterMustMatch },
  });
  const program = { ...rest, schools, rosterMustMatch: roster.mustMatch };
  READ_LATELY.set(hash, program);
  return program;
}

/** Whether a program need not be fetched to be read. */
export function isReadLately(hash: string): boolean {
  return READ_LATELY.has(hash);
}
