import { call, exception, service } from './call.ts';
import { currentRun } from './run.ts';

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
  setProperties: (values: Record<string, unknown>, deleteAllOthers?: boolean): object => {
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

/** The end of a run gives its locks back, as Google does. */
function lockOf(name: string) {
  const take = (withinMs: number) => call<boolean>('lock.take', name, withinMs);
  return service('Lock', {
    waitLock: (withinMs: number) => {
      if (!take(withinMs))
        throw exception('Lock timeout: another process was holding the lock for too long.');
    },
    tryLock: take,
    hasLock: () => call<boolean>('lock.has', name),
    releaseLock: () => void call('lock.release', name),
  });
}

export const LockService = service('LockService', {
  getScriptLock: () => lockOf('script'),
  // One account runs everything here.
  getUserLock: () => lockOf('user'),
  getDocumentLock: () => (currentRun().container === null ? null : lockOf('document')),
});

const read = (key: string) => call<string | null>('cache.get', String(key));
const put = (key: string, value: unknown, seconds?: number) => {
  if (key.length > MAX_CACHE_KEY) throw exception('Argument too large: key');
  if (Buffer.byteLength(String(value)) > MAX_CACHED) throw exception('Argument too large: value');
  call('cache.put', key, String(value), Math.min(seconds ?? CACHE_SECONDS, CACHE_LONGEST));
};
const forget = (key: string) => void call('cache.remove', String(key));
const cache = service('Cache', {
  get: read,
  put,
  remove: forget,
  getAll: (keys: string[]) =>
    Object.fromEntries(keys.flatMap((key) => (read(key) === null ? [] : [[key, read(key)]]))),
  putAll: (values: Record<string, unknown>, seconds?: number) => {
    for (const [key, value] of Object.entries(values)) put(key, value, seconds);
  },
  removeAll: (keys: string[]) => {
    for (const key of keys) forget(key);
  },
});

export const CacheService = service('CacheService', { getScriptCache: () => cache });
