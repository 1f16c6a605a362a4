import { DriveError, invalidValue } from './error.ts';

/** A number of the query within its bounds; Drive's sentence where it is not. */
export function readSize(given: string | undefined, bounds: { most: number; usual: number }): number {
  if (given === undefined) return bounds.usual;
  const size = Number(given);
  if (Number.isInteger(size) && size >= 1 && size <= bounds.most) return size;
  throw invalidValue(
    'pageSize',
    `Invalid value '${given}'. Values must be within the range: [1, ${bounds.most}]`,
    'invalidParameter',
  );
}

/** Gives one page. The token holds the place to go on from; clients must not read more into it. */
export function readPage<T>(
  all: readonly T[],
  query: { pageSize?: string | undefined; pageToken?: string | undefined },
  bounds: { most: number; usual: number },
): { items: T[]; next: string | null } {
  const size = readSize(query.pageSize, bounds);
  const from = query.pageToken ? readToken(query.pageToken) : 0;
  const to = from + size;
  const next = to < all.length ? Buffer.from(`~!!~${to}`).toString('base64url') : null;
  return { items: all.slice(from, to), next };
}

function readToken(token: string): number {
  const at = /^~!!~(\d+)$/u.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1];
  if (at === undefined) throw invalidValue('pageToken');
  return Number(at);
}

/** @throws DriveError that names the parameter */
export function required(value: unknown, name: string, message = `Required parameter: ${name}`): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new DriveError('INVALID_ARGUMENT', 'required', message, { parameter: name });
}
