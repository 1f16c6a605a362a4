import { ApiError, badRequest, invalid } from '../../errors.ts';
import { mirrored } from './canonical.ts';
import { messageOf } from './schema.ts';

/** Holds a field mask as a tree. A field without children stands for all that is in it. */
export interface Mask {
  [field: string]: Mask;
}

const ARGUMENT = 'Request contains an invalid argument.';

/** Parses `a,b(c,d/e),f.g` into a tree; null stands for everything. Blanks are part of a name, as for Google. */
export function parseFields(mask: string | undefined | null): Mask | null {
  if (!mask || mask === '*') return null;
  let at = 0;
  const list = (): Mask => {
    const tree: Mask = {};
    for (;;) {
      const name = /^[^,()]+/u.exec(mask.slice(at))?.[0];
      if (!name) throw new ApiError('INVALID_ARGUMENT', ARGUMENT);
      at += name.length;
      let node = tree;
      for (const part of name.split(/[./]/u)) node = node[part] ??= {};
      if (mask[at] === '(') {
        at += 1;
        Object.assign(node, list());
        if (mask[at] !== ')') throw new ApiError('INVALID_ARGUMENT', ARGUMENT);
        at += 1;
      }
      if (mask[at] !== ',') return tree;
      at += 1;
    }
  };
  const tree = list();
  if (at !== mask.length) throw new ApiError('INVALID_ARGUMENT', ARGUMENT);
  return tree;
}

/** The mask of an answer. @throws ApiError 400 naming the first path that the answer's schema does not have */
export function parseAnswerFields(mask: string | undefined, type: string): Mask | null {
  const tree = parseFields(mask);
  return (
    tree &&
    named(tree, type, '', (path) =>
      badRequest(
        [
          {
            field: path,
            description: `Error expanding 'fields' parameter. Cannot find matching fields for path '${path}'.`,
          },
        ],
        ARGUMENT,
      ),
    )
  );
}

/**
 * The mask of an update: which fields of `type` it writes; null stands for all.
 * @throws ApiError 400 where it is empty or names what is not there
 */
export function parseUpdateFields(mask: string | null | undefined, type: string): Mask | null {
  const text = (mask ?? '').replaceAll(/\s+/gu, '');
  if (text === '')
    throw invalid("At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)");
  const tree = parseFields(text);
  return tree && named(tree, type, '', (path) => invalid(`Invalid field: ${path}`));
}

/** Gives every field its JSON name, in whichever it was written, and refuses what the schema does not have. */
function named(tree: Mask, type: string, at: string, refuse: (path: string) => ApiError): Mask | null {
  const result: Mask = {};
  const message = messageOf(type);
  for (const [name, children] of Object.entries(tree)) {
    const path = at === '' ? name : `${at}.${name}`;
    if (name === '*') return null;
    const field = message.get(name);
    if (!field) throw refuse(path);
    const isLeaf = Object.keys(children).length === 0;
    if (!isLeaf && !field.isMessage && !('*' in children))
      throw refuse(`${path}.${Object.keys(children)[0]}`);
    result[field.name] =
      isLeaf || !field.isMessage || field.map ? {} : (named(children, field.type, path, refuse) ?? {});
  }
  return result;
}

/** Whether a mask names a field, or something that holds it or is in it. */
export function masks(mask: Mask | null, ...path: string[]): boolean {
  let node: Mask | null = mask;
  for (const name of path) {
    if (!node || Object.keys(node).length === 0) return true;
    node = node[name] ?? null;
    if (!node) return false;
  }
  return true;
}

/** Keeps what the mask names. */
export function applyFields<T>(value: T, mask: Mask | null): T {
  if (!mask || Object.keys(mask).length === 0 || '*' in mask) return value;
  if (Array.isArray(value)) return value.map((each) => applyFields(each, mask)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key in mask)
      .map(([key, each]) => [key, applyFields(each, mask[key] ?? null)]),
  ) as T;
}

/** What `target` becomes where `source` is written under a mask: a field that is named and not given is cleared. */
export function writeFields<T extends object>(
  target: T | null | undefined,
  source: T | null | undefined,
  mask: Mask | null,
  type: string,
): T {
  if (!mask) return { ...source } as T;
  const message = messageOf(type);
  const from = (source ?? {}) as Record<string, unknown>;
  const next = { ...target } as Record<string, unknown>;
  for (const [name, children] of Object.entries(mask)) {
    if (Object.keys(children).length > 0) {
      next[name] = writeFields(
        next[name] as object,
        from[name] as object,
        children,
        message.get(name)?.type ?? '',
      );
      if (Object.keys(next[name] as object).length === 0) delete next[name];
      if (isColour(message, name)) {
        // Of a colour that is written in part the other writing follows.
        delete next[name.endsWith('Style') ? name.replace(/Style$/u, '') : `${name}Style`];
        mirrored(message, next);
      }
      continue;
    }
    // A colour and its style are two writings of one thing.
    for (const each of [name, `${name}Style`, name.replace(/Style$/u, '')]) {
      if (each !== name && (!message.has(each) || !message.has(name) || !isColour(message, name))) continue;
      if (from[each] === undefined || from[each] === null) delete next[each];
      else next[each] = from[each];
    }
  }
  return next as T;
}

function isColour(message: ReturnType<typeof messageOf>, name: string): boolean {
  const type = message.get(name)?.type;
  return type === 'Color' || type === 'ColorStyle';
}
