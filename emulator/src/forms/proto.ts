/**
 * A message as proto3 JSON writes it: false, zero, empty text, empty lists and unspecified enums are left out; an empty
 * message that is set stays.
 */
export function withoutDefaults<T>(value: T): T {
  if (Array.isArray(value)) return value.map((each) => withoutDefaults(each)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, each]) => !isDefault(each))
      .map(([key, each]) => [key, withoutDefaults(each)]),
  ) as T;
}

function isDefault(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (typeof value === 'string') return value === '' || value.endsWith('_UNSPECIFIED');
  return value === false || value === 0 || value === null || value === undefined;
}

/** A time as proto3 JSON writes it: no fraction, or three digits of one. */
export function protoTime(iso: string): string {
  return iso.replace('.000Z', 'Z');
}

const RFC3339 = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[-+]\d\d:\d\d)$/iu;

/** Reads RFC 3339 as nanoseconds since 1970, or null. Milliseconds are too coarse to tell > from >=. */
export function nanosOf(text: string): bigint | null {
  const [, date, time, fraction = '', offset] = RFC3339.exec(text) ?? [];
  if (!date || !offset) return null;
  const seconds = Date.parse(`${date}T${time}${offset.toUpperCase()}`);
  return Number.isNaN(seconds) ? null : BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

/** Reads `a.b,c` and `a(b,c)` as paths; `*` alone stands for everything. */
export function maskPaths(mask: string | null | undefined): string[] {
  return (mask ?? '')
    .replaceAll(/([\w.]+)\(([^()]*)\)/gu, (_all, outer: string, inner: string) =>
      inner
        .split(',')
        .map((each) => `${outer}.${each.trim()}`)
        .join(','),
    )
    .split(',')
    .map((path) => path.trim().replaceAll(/_([a-z])/gu, (_all, letter: string) => letter.toUpperCase()))
    .filter(Boolean);
}

type Json = Record<string, unknown>;

/** Writes the named paths of `source` over `target`: what is named and not given is cleared. */
export function writePaths<T extends object>(target: T, source: object, paths: readonly string[]): T {
  if (paths.includes('*')) return structuredClone(source) as T;
  const result = structuredClone(target) as Json;
  for (const path of paths) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let [to, from]: [Json, Json | undefined] = [result, source as Json];
    for (const name of names) {
      to = (to[name] ??= {}) as Json;
      from = from?.[name] as Json | undefined;
    }
    if (from?.[last] === undefined) delete to[last];
    else to[last] = structuredClone(from[last]);
  }
  return result as T;
}
