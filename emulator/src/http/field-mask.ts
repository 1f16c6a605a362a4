import { type ApiName, fieldsOf, type Type } from '../discovery/api.ts';
import { DriveError } from '../drive/error.ts';
import { ApiError } from '../errors.ts';

export interface Mask {
  [field: string]: Mask;
}

/** Reads `a,b(c,d/e),f.g` into a tree; null where it does not parse. An empty mask stands for everything below. */
export function parseMask(text: string): Mask | null {
  let at = 0;
  const list = (): Mask | null => {
    const tree: Mask = {};
    for (;;) {
      const name = /^\s*[\w*]+(?:[./][\w*]+)*\s*/u.exec(text.slice(at))?.[0];
      if (!name) return null;
      at += name.length;
      let node = tree;
      for (const part of name.trim().split(/[./]/u)) node = node[part] ??= {};
      if (text[at] === '(') {
        at += 1;
        const inner = list();
        if (!inner || text[at] !== ')') return null;
        at += 1;
        Object.assign(node, inner);
      }
      if (text[at] !== ',') return tree;
      at += 1;
    }
  };
  const mask = list();
  return at === text.length ? mask : null;
}

/** The first path of the mask that the message does not have. */
function firstUnknown(api: ApiName, mask: Mask, type: Type, path: readonly string[] = []): string[] | null {
  const fields = fieldsOf(api, type);
  // What a map or a list of lists holds is not described.
  if (!fields) return null;
  for (const [name, inner] of Object.entries(mask)) {
    if (name === '*') continue;
    const here = [...path, name];
    const field = fields[name];
    if (field === undefined) return here;
    if (Object.keys(inner).length === 0) continue;
    const wrong = firstUnknown(api, inner, field, here);
    if (wrong) return wrong;
  }
  return null;
}

/** @throws ApiError in the words of the API where the mask does not parse or names what is not there */
export function readMask(api: ApiName, text: string, response: string | undefined): Mask {
  const mask = parseMask(text);
  const wrong = mask ? response && firstUnknown(api, mask, `#${response}`) : [text];
  if (mask && !wrong) return mask;
  const path = (wrong || []).join('.');
  if (api === 'drive')
    throw new DriveError(
      'INVALID_ARGUMENT',
      'invalidParameter',
      `Invalid field selection ${(wrong || []).at(-1)}`,
      { parameter: 'fields' },
    );
  throw new ApiError('INVALID_ARGUMENT', 'Request contains an invalid argument.', [
    {
      '@type': 'type.googleapis.com/google.rpc.BadRequest',
      fieldViolations: [
        {
          field: path,
          description: `Error expanding 'fields' parameter. Cannot find matching fields for path '${path}'.`,
        },
      ],
    },
  ]);
}

/** Keeps what the mask names. */
export function applyMask(value: unknown, mask: Mask): unknown {
  if (Object.keys(mask).length === 0) return value;
  if (Array.isArray(value)) return value.map((each) => applyMask(each, mask));
  if (typeof value !== 'object' || value === null) return value;
  const rest = mask['*'];
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => {
      const inner = mask[key] ?? rest;
      return inner ? [[key, applyMask(each, inner)]] : [];
    }),
  );
}
