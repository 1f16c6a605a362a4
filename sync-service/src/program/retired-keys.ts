/** Keys of earlier releases that nothing reads any more. `*` stands for every entry of a list. */
const RETIRED = [
  ['timeZone'],
  ['outcomes', '*', 'ends'],
  ['forms', '*', 'fields', '*', 'options', '*', 'label'],
];

/** A file without its retired keys, and which of them it has: such a file goes on loading. */
export function withoutRetired(file: unknown): { file: unknown; retired: string[] } {
  const retired: string[] = [];
  const kept = RETIRED.reduce((value, path) => {
    const [rest, found] = without(value, path);
    if (found) retired.push(path.filter((part) => part !== '*').join('.'));
    return rest;
  }, file);
  return { file: kept, retired };
}

function without(value: unknown, [part = '', ...path]: readonly string[]): [rest: unknown, found: boolean] {
  if (part === '*') {
    if (!Array.isArray(value)) return [value, false];
    const entries = value.map((entry) => without(entry, path));
    return [entries.map(([entry]) => entry), entries.some(([, found]) => found)];
  }
  if (!isRecord(value) || !(part in value)) return [value, false];
  const { [part]: inner, ...others } = value;
  if (path.length === 0) return [others, true];
  const [rest, found] = without(inner, path);
  // Copied only where something goes: the keys keep their order, and so does the hash.
  return found ? [{ ...value, [part]: rest }, true] : [value, false];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
