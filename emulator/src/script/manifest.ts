import type { script_v1 } from 'googleapis/build/src/apis/script/v1.js';
import { messageOf } from '../caught.ts';
import { invalid } from '../errors.ts';
import { isObject } from '../is-object.ts';

/** What a manifest may hold; null where anything may stand. https://developers.google.com/apps-script/manifest */
interface Shape {
  [field: string]: Shape | null;
}
const SHAPE: Shape = {
  addOns: null,
  chat: null,
  dependencies: {
    enabledAdvancedServices: { userSymbol: null, serviceId: null, version: null },
    libraries: { userSymbol: null, libraryId: null, version: null, developmentMode: null },
  },
  exceptionLogging: null,
  executionApi: { access: null },
  oauthScopes: null,
  runtimeVersion: null,
  sheets: { macros: { menuName: null, functionName: null, defaultShortcut: null } },
  timeZone: null,
  urlFetchWhitelist: null,
  webapp: { access: null, executeAs: null },
};
const ENUMS: Record<string, readonly string[]> = {
  runtimeVersion: ['V8', 'STABLE', 'DEPRECATED_ES5'],
  exceptionLogging: ['NONE', 'STACKDRIVER'],
};

export interface Manifest {
  timeZone: string;
  scopes: readonly string[] | null;
  /** The advanced services that are enabled, under the names that the script gives them. */
  advanced: readonly { name: string; serviceId: string }[];
  /** Names of the libraries. */
  libraries: readonly string[];
  webapp: { access?: string; executeAs?: string } | null;
  executionApi: { access?: string } | null;
}

/** Reads appsscript.json. @throws ApiError where Google would not take it */
export function parseManifest(source: string): Manifest {
  let given: unknown;
  try {
    given = JSON.parse(source);
  } catch (error) {
    throw refused(messageOf(error));
  }
  if (!isObject(given)) throw refused('Expected an object.');
  const unknown = unknownFields(given, SHAPE, '');
  if (unknown.length > 0) throw refused(`unknown fields: [${unknown.join(', ')}]`);
  for (const [name, allowed] of Object.entries(ENUMS)) {
    const value = given[name];
    if (value !== undefined && !allowed.includes(String(value)))
      throw refused(`Expected one of [${allowed.join(', ')}] for "${name}", but was "${String(value)}"`);
  }
  const { timeZone, oauthScopes, dependencies, webapp, executionApi } = given;
  const named = (list: 'enabledAdvancedServices' | 'libraries'): Record<string, unknown>[] => {
    const entries = isObject(dependencies) ? dependencies[list] : undefined;
    return Array.isArray(entries) ? entries.filter((each) => isObject(each)) : [];
  };
  return {
    timeZone: typeof timeZone === 'string' ? timeZone : 'Etc/GMT',
    scopes: Array.isArray(oauthScopes) ? oauthScopes.map(String) : null,
    advanced: named('enabledAdvancedServices').map(({ userSymbol, serviceId }) => ({
      name: String(userSymbol),
      serviceId: String(serviceId),
    })),
    libraries: named('libraries').map(({ userSymbol }) => String(userSymbol)),
    webapp: isObject(webapp) ? webapp : null,
    executionApi: isObject(executionApi) ? executionApi : null,
  };
}

/** The manifest among a project's files. */
export function manifestIn(files: readonly script_v1.Schema$File[]): Manifest {
  return parseManifest(files.find(({ type }) => type === 'JSON')?.source ?? '{}');
}

const refused = (why: string) => invalid(`"appsscript.json" has errors: Invalid manifest: ${why}`);

/** Paths of the fields that Google does not know; the entries of a list have one shape. */
function unknownFields(given: unknown, shape: Shape, at: string): string[] {
  if (Array.isArray(given)) return given.flatMap((each) => unknownFields(each, shape, at));
  if (!isObject(given)) return [];
  return Object.entries(given).flatMap(([name, value]) => {
    const path = at ? `${at}.${name}` : name;
    if (!Object.hasOwn(shape, name)) return [path];
    const inner = shape[name];
    return inner ? unknownFields(value, inner, path) : [];
  });
}
