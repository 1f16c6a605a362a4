import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Program, programFileSchema } from '../cases/program-rules.ts';
import type { School } from '../cases/types.ts';
import { coverageFaults } from './coverage.ts';
import { decidableFaults } from './decidable.ts';
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
  const read = programFileSchema.safeParse(valueOf(document, name));
  if (!read.success) throw new ProgramError(name, read.error.issues.map(faultOf));
  const faults = referenceFaults(read.data);
  // Coverage follows the references, so it is looked at only where these hold.
  const all = faults.length > 0 ? faults : [...coverageFaults(read.data), ...decidableFaults(read.data)];
  if (all.length > 0) throw new ProgramError(name, all);
  const { schools, ...rest } = read.data;
  return { ...rest, schools: roster(schools.file), rosterMustMatch: schools.mustMatch };
}

/** Aliases are resolved only here: one that names nothing, or that multiplies without end, is a mistake in the file. */
function valueOf(document: Document.Parsed, name: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const alias = /alias[^:]*: (.+)$/u.exec((error as Error).message)?.[1];
    const wrong = alias ? `*${alias} 沒有對應的 &${alias}` : `無法展開：${(error as Error).message}`;
    throw new ProgramError(name, [
      { path: '', wrong, example: 'privacyNotice: &privacy { … } … privacyNotice: *privacy' },
    ]);
  }
}

function faultOf(issue: z.core.$ZodIssue): ProgramFault {
  return { path: pathText(issue.path), wrong: wrongOf(issue), example: exampleFor(issue.path) };
}

const TYPES: Record<string, string> = {
  string: '文字',
  number: '數字',
  int: '整數',
  boolean: 'true 或 false',
  array: '清單',
  object: '一組「鍵: 值」',
  record: '一組「鍵: 值」',
};

/** Our own messages stand as they are; the library's are English. */
function wrongOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys':
      return `不認得 ${issue.keys.join('、')}；這裡可以寫 ${keysAt(programJsonSchema(), issue.path).join('、')}`;
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')}`;
    case 'invalid_type': {
      const wanted = TYPES[issue.expected] ?? issue.expected;
      return /received undefined/u.test(issue.message) ? `缺少必填的項目（${wanted}）` : `要填${wanted}`;
    }
    case 'invalid_union':
      return '寫法不對，請照例子填單一值、清單或範圍';
    case 'too_small':
      return issue.origin === 'number' || issue.origin === 'int' ? `不能小於 ${issue.minimum}` : '不能是空的';
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? '格式不對' : issue.message;
    case 'invalid_key':
      return '鍵只能用小寫英數字與連字號';
    default:
      return issue.message;
  }
}

interface Node {
  properties?: Record<string, Node>;
  additionalProperties?: Node | false;
  items?: Node;
  anyOf?: Node[];
}

/** The keys that may stand at a place of the file. */
function keysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  let nodes = [schema as Node];
  for (const part of path)
    nodes = nodes
      .flatMap((node) => [node, ...(node.anyOf ?? [])])
      .flatMap((node) =>
        typeof part === 'number'
          ? (node.items ?? [])
          : (node.properties?.[String(part)] ?? (node.additionalProperties || [])),
      );
  const found = nodes.flatMap((node) => [node, ...(node.anyOf ?? [])]);
  return found.flatMap((node) => Object.keys(node.properties ?? {}));
}

/** JSON Schema of the file, for editors. */
export function programJsonSchema(): unknown {
  return z.toJSONSchema(programFileSchema, { io: 'input', unrepresentable: 'any' });
}
