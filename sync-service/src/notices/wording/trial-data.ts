import { type Fields, isLink, type Variable } from './variables.ts';

/** Every variable has a value, each list so many entries. */
export function fullData(fields: Fields, entries = 2): Record<string, unknown> {
  return Object.fromEntries(
    [...fields].map(([name, variable]) => [name, fullValue(name, variable, entries)]),
  );
}

function fullValue(name: string, variable: Variable, entries: number): unknown {
  if (variable.type === 'group') return fullData(variable.fields, entries);
  if (variable.type === 'list')
    return Array.from({ length: entries }, () => fullValue(name, variable.item, entries));
  if (variable.type === 'flag') return true;
  if (variable.type === 'number') return 3;
  return linkOf(name) ?? (variable.title || name);
}

/** The address that a variable stands for in these data; null where it is no link. */
export function linkOf(name: string): string | null {
  return isLink(name) ? `https://budeng.invalid/${name}` : null;
}

/** What may be missing is missing: null, an empty list, no, zero. */
export function emptyData(fields: Fields): Record<string, unknown> {
  return Object.fromEntries([...fields].map(([name, variable]) => [name, emptyValue(name, variable)]));
}

function emptyValue(name: string, variable: Variable): unknown {
  if (variable.nullable) return null;
  if (variable.type === 'group') return emptyData(variable.fields);
  if (variable.type === 'list') return [];
  if (variable.type === 'flag') return false;
  return variable.type === 'number' ? 0 : fullValue(name, variable, 0);
}

/** As many entries as a list in a letter may have. */
const CROWD = 40;

/** All there, all missing, long lists, and each variable alone missing or alone there. */
export function trialData(fields: Fields): Record<string, unknown>[] {
  const [full, empty] = [fullData(fields), emptyData(fields)];
  const each = [...fields.keys()].flatMap((name) => [
    { ...full, [name]: empty[name] },
    { ...empty, [name]: full[name] },
  ]);
  return [full, empty, fullData(fields, CROWD), ...each];
}
