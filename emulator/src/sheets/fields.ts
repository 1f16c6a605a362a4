import { unknownField, ApiError } from '../errors.ts';

type Mask = { [field: string]: Mask };

/** Parses `a,b(c,d/e),f.g` into a tree; null stands for everything. */
export function parseFields(mask: string | undefined): Mask | null {
  if (!mask || mask === '*') return null;
  let at = 0;
  const list = (): Mask => {
    const tree: Mask = {};
    for (;;) {
      let node = tree;
      const name = /^[\w*]+(?:[./][\w*]+)*/.exec(mask.slice(at))?.[0];
      if (!name) throw new ApiError('INVALID_ARGUMENT', `Request contains an invalid argument.`);
      at += name.length;
      for (const part of name.split(/[./]/)) node = node[part] ??= {};
      if (mask[at] === '(') {
        at += 1;
        Object.assign(node, list());
        at += 1;
      }
      if (mask[at] !== ',') return tree;
      at += 1;
    }
  };
  return list();
}

/** Keeps what the mask names. `known` refuses misspelt top-level fields, as Google does. */
export function applyFields<T>(value: T, mask: Mask | null, known?: readonly string[]): T {
  if (!mask || Object.keys(mask).length === 0 || '*' in mask) return value;
  if (Array.isArray(value)) return value.map((each) => applyFields(each, mask)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const unknown = known && Object.keys(mask).find((field) => !known.includes(field));
  if (unknown) {
    const error = unknownField(unknown, '');
    throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.', error.details);
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key in mask)
      .map(([key, each]) => [key, applyFields(each, mask[key] ?? null)]),
  ) as T;
}
