import { readFileSync } from 'node:fs';

/**
 * A field's type: a scalar's format (`string`, `int32`, `boolean` …), `#Message`, `%Enum`, `[items]`, `{field: type}` for
 * a message without a name, `{'*': type}` for a map.
 */
export type Type = string | [Type] | { [field: string]: Type };

export interface Method {
  id: string;
  verb: string;
  path: string;
  query: Record<string, Type>;
  request?: string;
  response?: string;
  upload?: string;
}

/** What one of Google's discovery documents says, shortened by scripts/discovery.ts. */
export interface Api {
  revision: string;
  enums: Record<string, string[]>;
  schemas: Record<string, Record<string, Type>>;
  methods: Method[];
}

export type ApiName = 'drive' | 'forms' | 'script' | 'sheets';

/** One method of one API, as a request's path and verb name it. */
export interface Called {
  api: ApiName;
  method: Method;
}

const read = (name: ApiName): Api =>
  JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'));
export const APIS: Record<ApiName, Api> = {
  drive: read('drive'),
  forms: read('forms'),
  script: read('script'),
  sheets: read('sheets'),
};

const PATHS = (Object.keys(APIS) as ApiName[]).flatMap((api) =>
  APIS[api].methods
    // Fixed paths come before variable ones: `files/generateIds` before `files/{fileId}`, `{range}:append` before
    // `{range}`.
    .toSorted((a, b) => literals(b.path) - literals(a.path))
    .flatMap((method) => {
      const paths = method.upload ? [method.path, method.upload] : [method.path];
      return paths.map((path) => ({ api, method, pattern: patternOf(path), upload: path === method.upload }));
    }),
);

function literals(path: string): number {
  return path.replaceAll(/\{\w+\}/gu, '').length;
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/gu, '[^/]+')}$`, 'u');
}

/** The method that a verb and a path name; null where Google has none. */
export function findMethod(verb: string, path: string): (Called & { upload: boolean }) | null {
  const found = PATHS.find((each) => each.method.verb === verb && each.pattern.test(path));
  return found ? { api: found.api, method: found.method, upload: found.upload } : null;
}

/** The fields of a message, wherever the type stands; null for a scalar, a map, or anything. */
export function fieldsOf(api: ApiName, type: Type): Record<string, Type> | null {
  if (Array.isArray(type)) return fieldsOf(api, type[0]);
  if (typeof type === 'object') return '*' in type ? null : type;
  return type.startsWith('#') ? (APIS[api].schemas[type.slice(1)] ?? null) : null;
}
