import { call, exception, service } from './call.ts';
import { ScriptDate } from './dates.ts';

const MAX_PROPERTY = 9 * 1024;
const MAX_CACHED = 100 * 1024;
const MAX_CACHE_KEY = 250;
const CACHE_SECONDS = 600;
const CACHE_LONGEST = 21_600;

function setProperty(name: string, value: string) {
  if (Buffer.byteLength(value) > MAX_PROPERTY) throw exception('Argument too large: value');
  call('properties.set', name, value);
}

const all = () => call<Record<string, string>>('properties.all');

const scriptProperties = service('Properties', {
  getProperties: all,
  getKeys: () => Object.keys(all()),
  getProperty: (name: string) => call<string | null>('properties.get', String(name)),
  setProperty: (name: string, value: unknown): object => {
    setProperty(String(name), String(value));
    return scriptProperties;
  },
  setProperties: (values: Record<string, unknown>, deleteAllOthers = false): object => {
    if (deleteAllOthers) for (const name of Object.keys(all())) call('properties.delete', name);
    for (const [name, value] of Object.entries(values)) setProperty(name, String(value));
    return scriptProperties;
  },
  deleteProperty: (name: string): object => {
    call('properties.delete', String(name));
    return scriptProperties;
  },
  deleteAllProperties: (): object => {
    for (const name of Object.keys(all())) call('properties.delete', name);
    return scriptProperties;
  },
});

export const PropertiesService = service('PropertiesService', {
  getScriptProperties: () => scriptProperties,
});

/** One function runs at a time here, so that a lock is always free; an execution's end releases it, as Google does. */
let held = false;
export function releaseLocks(): void {
  held = false;
}

const take = () => {
  held = true;
  return true;
};
const lock = service('Lock', {
  waitLock: () => void take(),
  tryLock: take,
  hasLock: () => held,
  releaseLock: () => {
    held = false;
  },
});

export const LockService = service('LockService', {
  getScriptLock: () => lock,
  getUserLock: () => lock,
  // The script stands alone: it is bound to no document.
  getDocumentLock: () => null,
});

const cached = new Map<string, { value: string; until: number }>();

const read = (key: string): string | null => {
  const entry = cached.get(String(key));
  return entry && entry.until > ScriptDate.now() ? entry.value : null;
};
const put = (key: string, value: unknown, seconds = CACHE_SECONDS) => {
  if (key.length > MAX_CACHE_KEY) throw exception('Argument too large: key');
  if (Buffer.byteLength(String(value)) > MAX_CACHED) throw exception('Argument too large: value');
  cached.set(key, {
    value: String(value),
    until: ScriptDate.now() + Math.min(seconds, CACHE_LONGEST) * 1000,
  });
};
const cache = service('Cache', {
  get: read,
  put,
  remove: (key: string) => void cached.delete(key),
  getAll: (keys: string[]) =>
    Object.fromEntries(keys.flatMap((key) => (read(key) === null ? [] : [[key, read(key)]]))),
  putAll: (values: Record<string, unknown>, seconds?: number) => {
    for (const [key, value] of Object.entries(values)) put(key, value, seconds);
  },
  removeAll: (keys: string[]) => {
    for (const key of keys) cached.delete(key);
  },
});

export const CacheService = service('CacheService', { getScriptCache: () => cache });
