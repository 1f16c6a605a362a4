import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Document, isAlias, isMap, isNode, isSeq, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { type Program, type ProgramFile, programFileSchema } from '../cases/program-rules.ts';
import { coverageFaults } from './coverage.ts';
import { decidableFaults } from './decidable.ts';
import { ProgramError, type ProgramFault } from './error.ts';
import { exampleFor, pathText } from './examples.ts';
import { referenceFaults } from './references.ts';
import { didYouMean } from './nearest.ts';
import { readPeople, readRoster, type Remark } from './roster.ts';
import { readCalendars } from './holidays.ts';
import { programEnd } from '../cases/calendar/retention.ts';
import { withoutRetired } from './retired-keys.ts';
import { unsayableFaults, yamlFaults } from './yaml-faults.ts';

/**
 * Reads a program file and everything it names.
 * @param remark takes what is odd and stops nothing: a column that nobody reads, codes that lost their zeros, keys of
 *   earlier releases
 * @throws ProgramError that names each wrong place, what is wrong with it, and an example
 */
export async function loadProgram(path: string, remark: Remark = () => {}): Promise<Program> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new ProgramError(path, [
      { path: '', wrong: '讀不到這個檔案', example: 'programs/tainan-109.yaml' },
    ]);
  }
  const { schools, rosters, holidays, ...rest } = parseProgram(text, path, remark);
  const beside = (file: string) => resolve(dirname(path), file);
  return {
    ...rest,
    calendar: await readCalendars(holidays.map(beside), programEnd(rest), remark),
    schools: await readRoster(beside(schools.file), remark),
    rosterMustMatch: schools.mustMatch,
    rosters: await Promise.all(
      rosters.map(async ({ key, title, file }) => ({
        key,
        title,
        people: await readPeople(beside(file), remark),
      })),
    ),
  };
}

/** The file alone, from text, for tests and editors; what it names is not read. */
export function parseProgram(text: string, name: string, remark: Remark = () => {}): ProgramFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const refuse = (faults: PlacedFault[]) =>
    new ProgramError(
      name,
      faults.map(({ place, ...fault }) => ({ ...fault, ...lineOf(document, lines, place ?? fault.path) })),
    );
  if (document.errors.length > 0) throw refuse(yamlFaults(document, text));
  const unsayable = unsayableFaults(document, lines);
  if (unsayable.length > 0) throw refuse(unsayable);
  const { file: value, retired } = withoutRetired(valueOf(document, name));
  const file = programFileSchema.safeParse(value, { reportInput: true });
  if (!file.success) throw refuse(file.error.issues.map(faultOf));
  const faults = referenceFaults(file.data);
  // Coverage follows the references, so it is looked at only where these hold.
  const all = faults.length > 0 ? faults : [...coverageFaults(file.data), ...decidableFaults(file.data)];
  if (all.length > 0) throw refuse(all);
  if (retired.length > 0) remark(`${name}：${retired.join('、')} 已不再使用，可以刪去。`);
  return file.data;
}

/** The line of a place like `forms[0].fields[2].type`, or of the nearest thing above it that the file says. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: string): { line?: number } {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const part of path.split(/[.[\]]+/u).filter(Boolean)) {
    if (isAlias(node)) node = node.resolve(document);
    const pair = isMap(node) ? node.items.find(({ key }) => String(key) === part) : undefined;
    const item = isSeq(node) ? node.items[Number(part)] : undefined;
    const found = pair ? pair.key : item;
    if (!isNode(found)) break;
    offset = found.range?.[0];
    node = pair ? pair.value : item;
  }
  return offset === undefined ? {} : { line: lines.linePos(offset).line };
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

/** `place` is where to look for the line, where that is not the path. */
type PlacedFault = ProgramFault & { place?: string };

function faultOf(issue: z.core.$ZodIssue): PlacedFault {
  const fault = { path: pathText(issue.path), wrong: wrongOf(issue), example: exampleFor(issue.path) };
  if (issue.code !== 'unrecognized_keys') return fault;
  return { ...fault, place: pathText([...issue.path, ...issue.keys.slice(0, 1)]) };
}

const TYPES: Record<string, string> = {
  string: '文字',
  number: '數字',
  int: '整數',
  boolean: ' true 或 false',
  array: '清單',
  object: '一組「鍵: 值」',
  record: '一組「鍵: 值」',
};

/** Our own messages stand as they are; the library's are English. */
function wrongOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(programJsonSchema(), issue.path);
      const unknown = issue.keys.map((key) => `${key}${didYouMean(key, known)}`);
      return `不認得 ${unknown.join('、')}；這裡可以寫 ${known.join('、')}`.replace('？；', '？');
    }
    case 'invalid_value':
      return `只能是 ${issue.values.map(String).join('、')}${didYouMean(String(issue.input), issue.values.map(String))}`;
    case 'invalid_type': {
      if (!issue.message.startsWith('Invalid')) return issue.message;
      const wanted = TYPES[issue.expected] ?? issue.expected;
      if (/received undefined/u.test(issue.message)) return `缺少必填的項目（${wanted}）`;
      const quoted = issue.expected === 'string' && /received number/u.test(issue.message);
      return `要填${wanted}${quoted ? '；數字請用引號括起來' : ''}`;
    }
    case 'invalid_union': {
      const values = issue.errors
        .flat()
        .flatMap((each) => (each.code === 'invalid_value' ? each.values : []));
      return values.length > 0
        ? `只能是 ${[...new Set(values)].join('、')}，或其中幾個的清單`
        : '寫法不對，請照例子填單一值、清單或範圍';
    }
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

/** Makes the JSON Schema of the file, for editors. */
export function programJsonSchema(): unknown {
  return z.toJSONSchema(programFileSchema, { io: 'input', unrepresentable: 'any' });
}
