import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { type Program, programFileSchema } from '../cases/program-rules.ts';
import type { School } from '../cases/types.ts';
import { coverageFaults } from './coverage.ts';
import { ProgramError, type ProgramFault } from './error.ts';
import { exampleFor, pathText } from './examples.ts';
import { referenceFaults } from './references.ts';
import { readRoster } from './roster.ts';

/**
 * Reads a program file and everything it names.
 * @throws ProgramError that names each wrong place, what is wrong with it, and an example
 */
export function loadProgram(path: string): Program {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ProgramError(path, [
      { path: '', wrong: '讀不到這個檔案', example: 'programs/tainan-109.yaml' },
    ]);
  }
  return parseProgram(text, path, (file) => readRoster(resolve(dirname(path), file)));
}

/** The same from text, for tests and editors. */
export function parseProgram(text: string, name: string, roster: (file: string) => School[]): Program {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new ProgramError(
      name,
      document.errors.map((error) => ({
        path: `第 ${error.linePos?.[0].line ?? '?'} 行`,
        wrong: `不是正確的 YAML：${error.message.split('\n')[0]}`,
        example: 'title: 臺南市109年度專業回饋人才證書補登',
      })),
    );
  const read = programFileSchema.safeParse(document.toJS());
  if (!read.success) throw new ProgramError(name, read.error.issues.map(faultOf));
  const faults = referenceFaults(read.data);
  // Coverage follows the references, so it is looked at only where these hold.
  const all = faults.length > 0 ? faults : coverageFaults(read.data);
  if (all.length > 0) throw new ProgramError(name, all);
  const { schools, ...rest } = read.data;
  return { ...rest, schools: roster(schools.file), rosterMustMatch: schools.mustMatch };
}

function faultOf(issue: z.core.$ZodIssue): ProgramFault {
  const example = exampleFor(issue.path);
  return { path: pathText(issue.path), wrong: wrongOf(issue), ...(example ? { example } : {}) };
}

function wrongOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `不認得 ${issue.keys.join('、')}，請檢查拼字`;
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')}`;
    case 'invalid_type':
      return issue.input === undefined && issue.message.includes('undefined')
        ? `缺少必填的項目（需要 ${issue.expected}）`
        : `需要 ${issue.expected}`;
    default:
      return issue.message;
  }
}

/** JSON Schema of the file, for editors. */
export function programJsonSchema(): unknown {
  return z.toJSONSchema(programFileSchema, { io: 'input', unrepresentable: 'any' });
}
