import Handlebars from 'handlebars';
import { scanTags, shorten, type Tag, WordingMistake } from './tags.ts';
import { type Fields, isLink, namesOf, type Variable } from './variables.ts';

/**
 * How a value is written. `link`: can be followed where it is a web address. `ordinal`: the number of the list's entry
 * in Chinese, from 一.
 */
export type Manner = 'plain' | 'link' | 'indented' | 'ordinal';

/** An office's words, read: nothing else can stand in them, and they are never made into code. */
export type Word =
  | { kind: 'text'; text: string }
  | { kind: 'value'; path: readonly string[]; manner: Manner }
  | { kind: 'if'; path: readonly string[]; body: Words; otherwise: Words }
  | { kind: 'each'; path: readonly string[]; body: Words; otherwise: Words }
  | { kind: 'part'; name: string; words: Words; blanks: string };
export type Words = readonly Word[];

const DEEPEST = 20;

/** Where something is written: which names are known there. */
interface Place {
  /** Of the notice, or of the entry of a list. */
  fields: Fields;
  /** What `this` is, inside a list. */
  entry: Variable | null;
  /** Parts that can be put in, by name. */
  parts: ReadonlyMap<string, Words>;
  depth: number;
  /** Place in the text of what the parser found. */
  indexOf(node: hbs.AST.Node): number;
}

/** Of these every reader of a text makes a line end, or nothing. */
const LINE_ENDS = /\r\n?|[\v\f\u0085\u2028\u2029]/gu;

/** Words as the language counts them: one kind of line end, and no other control characters. */
export function plainWords(text: string): string {
  return text.replaceAll(LINE_ENDS, '\n').replaceAll(/[^\P{Cc}\n\t]/gu, '');
}

/**
 * Reads what an office wrote: variables of the notice, `if` and `unless`, `each` over its lists, the named parts, the
 * named helpers, and nothing else. Handlebars only parses it.
 * @param text as `plainWords` makes it
 * @throws WordingMistake
 */
export function readWords(text: string, fields: Fields, parts: ReadonlyMap<string, Words>): Words {
  const tags = scanTags(text);
  refuseSingleBraces(text, fields);
  const starts = lineStarts(text);
  const indexOf = ({ loc }: hbs.AST.Node) => (starts[loc.start.line - 1] ?? 0) + loc.start.column;
  return readProgram(parse(text, tags), { fields, entry: null, parts, depth: 0, indexOf });
}

/** Where a variable's name stands in one brace, it would go out as it stands. */
function refuseSingleBraces(text: string, fields: Fields) {
  for (const found of text.matchAll(/(?<!\{)\{\s?([A-Za-z]{1,40})\s?\}(?!\})/gu))
    if (fields.has(found[1] ?? ''))
      throw new WordingMistake(found.index, `大括號要寫兩層：{{${found[1] ?? ''}}}`);
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/gu)].map(({ index }) => index + 1)];
}

function parse(text: string, tags: readonly Tag[]): hbs.AST.Program {
  try {
    return Handlebars.parse(text);
  } catch {
    const wrong = tags.find((tag) => !isReadable(tag));
    throw new WordingMistake(wrong?.index ?? 0, `看不懂「${wrong?.written ?? '{{'}」的寫法`);
  }
}

/** Whether the parser takes a tag that stands alone. */
function isReadable({ written, inner }: Tag): boolean {
  if (inner.startsWith('/') || /^else\b/u.test(inner)) return true;
  const name = /^#\s*(\S+)/u.exec(inner)?.[1];
  try {
    Handlebars.parse(name ? `${written}{{/${name}}}` : written);
    return true;
  } catch {
    return false;
  }
}

function readProgram(program: hbs.AST.Program | undefined, place: Place): Words {
  return (program?.body ?? []).map((statement) => readStatement(statement, place));
}

const isOf = <T extends hbs.AST.Node>(node: hbs.AST.Node, type: T['type']): node is T => node.type === type;

function readStatement(node: hbs.AST.Statement, place: Place): Word {
  if (isOf<hbs.AST.ContentStatement>(node, 'ContentStatement')) return { kind: 'text', text: node.value };
  if (isOf<hbs.AST.MustacheStatement>(node, 'MustacheStatement')) return readValue(node, place);
  if (isOf<hbs.AST.BlockStatement>(node, 'BlockStatement')) return readBlock(node, place);
  if (isOf<hbs.AST.PartialStatement>(node, 'PartialStatement')) return readPart(node, place);
  throw refuse(node, place, '這種寫法不能用');
}

function refuse(node: hbs.AST.Node, { fields, entry, indexOf }: Place, sentence: string): WordingMistake {
  const usable = entry ? `{{#each …}} 裡可用的資料：${namesOf(fields, entry)}。` : '';
  return new WordingMistake(indexOf(node), sentence, usable);
}

/** Helpers by name. `lines` is what it says in HTML and nothing in text, as every text is written line by line. */
const MANNERS: Record<string, Manner> = { indent: 'indented', lines: 'plain' };

function readValue(node: hbs.AST.MustacheStatement, place: Place): Word {
  const [param, more] = node.params;
  if (more || node.hash) throw refuse(node, place, '大括號裡寫得太多了，請只寫一個資料');
  if (!param) {
    const { names, variable } = pathOf(node.path, place);
    refuseUnwritable(variable, node, place);
    return {
      kind: 'value',
      path: names,
      manner: isLink(names.at(-1) ?? '') ? 'link' : 'plain',
    };
  }
  const helper = isOf<hbs.AST.PathExpression>(node.path, 'PathExpression') ? node.path.original : '';
  if (helper === 'chineseNumber') {
    const isIndex = isOf<hbs.AST.PathExpression>(param, 'PathExpression') && param.original === '@index';
    if (!isIndex || !place.entry)
      throw refuse(node, place, '{{chineseNumber @index}} 只能寫在 {{#each …}} 裡，後面只能是 @index');
    return { kind: 'value', path: [], manner: 'ordinal' };
  }
  const manner = Object.hasOwn(MANNERS, helper) ? MANNERS[helper] : undefined;
  if (!manner) throw refuse(node, place, `不能寫「${shorten(helper || '(')}」，大括號裡請只寫一個資料`);
  const { names, variable } = pathOf(param, place);
  refuseUnwritable(variable, node, place);
  return { kind: 'value', path: names, manner };
}

function refuseUnwritable({ type, title }: Variable, node: hbs.AST.Node, place: Place) {
  if (type === 'flag') throw refuse(node, place, `「${title}」只有是或否，只能寫在 {{#if …}} 裡`);
  if (type === 'list') throw refuse(node, place, `「${title}」有好幾項，請用 {{#each …}}`);
  if (type === 'group') throw refuse(node, place, `「${title}」裡有好幾個資料，請寫到是哪一個`);
}

function readBlock(node: hbs.AST.BlockStatement, place: Place): Word {
  const name = String(node.path.original);
  const [param, more] = node.params;
  if (!['if', 'unless', 'each'].includes(name))
    throw refuse(
      node,
      place,
      `沒有「{{#${shorten(name)} …}}」這種寫法，可以用的是 {{#if …}}、{{#unless …}} 與 {{#each …}}`,
    );
  if (!param || more || node.hash) throw refuse(node, place, `{{#${name} …}} 後面請寫一個資料`);
  if (node.program?.blockParams || node.inverse?.blockParams) throw refuse(node, place, '不能寫 as |…|');
  if (place.depth === DEEPEST)
    throw refuse(node, place, `{{#if}}、{{#each}} 一層包一層太多了，請少於 ${DEEPEST} 層`);
  const { names: path, variable } = pathOf(param, place);
  const inside = { ...place, depth: place.depth + 1 };
  const [program, inverse] = [node.program, node.inverse];
  if (name !== 'each') {
    const [body, otherwise] = name === 'if' ? [program, inverse] : [inverse, program];
    return { kind: 'if', path, body: readProgram(body, inside), otherwise: readProgram(otherwise, inside) };
  }
  if (variable.type !== 'list')
    throw refuse(node, place, `「${variable.title}」不是好幾項的資料，不能用 {{#each …}}`);
  const { item } = variable;
  const fields: Fields = item.type === 'group' ? item.fields : new Map();
  return {
    kind: 'each',
    path,
    body: readProgram(program, { ...inside, fields, entry: item }),
    otherwise: readProgram(inverse, inside),
  };
}

function readPart(node: hbs.AST.PartialStatement, place: Place): Word {
  const { parts, entry } = place;
  const name = isOf<hbs.AST.PathExpression>(node.name, 'PathExpression') ? node.name.original : '';
  const words = parts.get(name);
  if (!words || node.params.length > 0 || node.hash) {
    const usable = [...parts.keys()].map((each) => `{{> ${each}}}`).join('、');
    throw refuse(
      node,
      place,
      `這裡不能放「{{> ${shorten(name)}}}」這一段${usable && `，可以放的是 ${usable}`}`,
    );
  }
  if (entry) throw refuse(node, place, `{{> ${name}}} 不能寫在 {{#each …}} 裡`);
  return { kind: 'part', name, words, blanks: node.indent };
}

function pathOf(node: hbs.AST.Expression, place: Place): { names: readonly string[]; variable: Variable } {
  const { entry } = place;
  if (!isOf<hbs.AST.PathExpression>(node, 'PathExpression'))
    throw refuse(node, place, '大括號裡請寫資料的名稱，例如 {{caseNumber}}');
  const written = shorten(node.original);
  if (node.data || node.depth > 0) throw refuse(node, place, `不能寫「${written}」，請直接寫資料的名稱`);
  if (node.parts.length === 0) {
    if (entry && entry.type !== 'group') return { names: [], variable: entry };
    throw refuse(
      node,
      place,
      entry ? '這裡的每一項有好幾個資料，請寫是哪一個' : '{{this}} 只能寫在 {{#each …}} 裡',
    );
  }
  let fields: Fields | null = place.fields;
  let variable: Variable | undefined;
  for (const name of node.parts) {
    variable = fields?.get(name);
    fields = variable?.type === 'group' ? variable.fields : null;
    if (!variable) break;
  }
  if (!variable) throw refuse(node, place, `${entry ? '{{#each …}} 裡' : ''}沒有「${written}」這個資料`);
  return { names: node.parts, variable };
}
