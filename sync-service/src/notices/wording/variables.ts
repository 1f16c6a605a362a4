import { z } from 'zod';
import { NOTICE_SCHEMAS, type NoticeKind } from '../types.ts';

/** What stands behind a name in an office's words. */
export type Variable = { title: string; say: string; nullable: boolean } & (
  | { type: 'text' | 'number' | 'flag' }
  | { type: 'list'; item: Variable }
  | { type: 'group'; fields: Fields }
);
export type Fields = ReadonlyMap<string, Variable>;

/** Whether a variable holds an address, as its name tells. */
export const isLink = (name: string) => /url$/iu.test(name);

const known = new Map<NoticeKind, Fields>();

/** The variables of a notice that an office may write, from its schema: those that have a title. */
export function variablesOf(kind: NoticeKind): Fields {
  const fields = known.get(kind) ?? fieldsOf(z.toJSONSchema(NOTICE_SCHEMAS[kind]));
  known.set(kind, fields);
  return fields;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

function fieldsOf({ properties = {} }: JsonSchema): Fields {
  return new Map(
    Object.entries(properties).flatMap(([name, schema]): [string, Variable][] =>
      typeof schema === 'boolean' || !schema.title ? [] : [[name, variableOf(schema)]],
    ),
  );
}

function variableOf(schema: JsonSchema): Variable {
  const choices = schema.anyOf ?? [schema];
  const types = choices.flatMap((each) => each.type ?? []);
  const value = choices.find((each) => each.type !== 'null') ?? schema;
  const named = {
    title: schema.title ?? '',
    say: schema.description ?? '',
    nullable: types.includes('null'),
  };
  const { items } = value;
  if (types.includes('array') && typeof items === 'object' && !Array.isArray(items))
    return { ...named, type: 'list', item: variableOf(items) };
  if (types.includes('object')) return { ...named, type: 'group', fields: fieldsOf(value) };
  if (types.includes('boolean')) return { ...named, type: 'flag' };
  return { ...named, type: types.includes('string') ? 'text' : 'number' };
}

/** A variable as it is written, and what it is. */
export interface Written {
  write: string;
  title: string;
  /** What the title does not tell. */
  say: string;
}

/** How each variable is written and what it is; a list with what its entries hold. */
export function describeVariables(fields: Fields): Written[] {
  return [...fields].flatMap(([name, variable]) => describe(name, variable));
}

function describe(name: string, variable: Variable): Written[] {
  const { title, say } = variable;
  const said = [say, variable.nullable ? '可能沒有' : ''].filter(Boolean).join('；');
  if (variable.type === 'group')
    return [...variable.fields].flatMap(([key, field]) =>
      describe(`${name}.${key}`, { ...field, nullable: field.nullable || variable.nullable }),
    );
  if (variable.type === 'flag') return [{ write: `{{#if ${name}}}`, title, say: said }];
  if (variable.type !== 'list') return [{ write: `{{${name}}}`, title, say: said }];
  const inside = `每項寫 ${entryNames(variable.item)}`;
  return [{ write: `{{#each ${name}}}`, title, say: [said, inside].filter(Boolean).join('；') }];
}

function entryNames(item: Variable): string {
  return item.type === 'group' ? namesOf(item.fields) : '{{this}}';
}

/** What can be written, in one line: of a notice, or of the entry of a list. */
export function namesOf(fields: Fields, entry: Variable | null = null): string {
  if (entry && entry.type !== 'group') return '{{this}}、{{chineseNumber @index}}';
  const list = describeVariables(fields).map(({ write, title }) => `${write} ${title}`);
  return [...list, ...(entry ? ['{{chineseNumber @index}}'] : [])].join('、');
}
