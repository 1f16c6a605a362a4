import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../emulator/src/faults.ts';
import { openGoogle, type OpenGoogle } from './open-google.ts';

let google: OpenGoogle;
let fault: Fault | null = null;
beforeAll(async () => {
  google = await openGoogle({ fault: () => fault });
});
afterAll(() => google.close());

const under = async <T>(which: Fault, call: () => Promise<T>): Promise<T> => {
  fault = which;
  return call().finally(() => (fault = null));
};

describe('an injected fault', () => {
  it.each<[Fault, number, string]>([
    ['rate-limit', 429, 'rateLimitExceeded'],
    ['user-rate-limit', 403, 'userRateLimitExceeded'],
    ['permission-denied', 403, 'forbidden'],
    ['token-expired', 401, 'authError'],
    ['internal', 500, 'internalError'],
    ['unavailable', 503, 'backendError'],
  ])('%s is answered with %i and its reason', async (which, status, reason) => {
    const answer = await under(which, () => google.ask('GET', '/drive/v3/files'));
    expect(answer.status).toBe(status);
    expect(answer.body.error).toMatchObject({ code: status, errors: [{ reason }] });
  });

  it('of a gateway is a page, as proxies give it', async () => {
    const answer = await under('bad-gateway', () => google.ask('GET', '/v4/spreadsheets/x'));
    expect(answer.status).toBe(502);
    expect(answer.text).toContain('Error 502');
  });

  it.each<Fault>([
    'lost-reply',
    'truncated',
  ])('%s happens after the request was carried out', async (which) => {
    const { body } = await google.ask('POST', '/drive/v3/files', { name: which });
    const rename = () => google.ask('PATCH', `/drive/v3/files/${body.id}`, { name: '改了' });
    await expect(under(which, rename)).rejects.toThrow();
    expect((await google.ask('GET', `/drive/v3/files/${body.id}`)).body.name).toBe('改了');
    // An answer without a body can be lost as well.
    const remove = () => google.ask('DELETE', `/drive/v3/files/${body.id}`);
    await expect(under(which, remove)).rejects.toThrow();
    expect((await google.ask('GET', `/drive/v3/files/${body.id}`)).status).toBe(404);
  });

  it('reset-before happens before anything was done', async () => {
    const create = () => google.ask('POST', '/drive/v3/files', { name: '沒有' });
    await expect(under('reset-before', create)).rejects.toThrow();
    const { body } = await google.ask('GET', `/drive/v3/files?q=${encodeURIComponent("name = '沒有'")}`);
    expect(body.files).toEqual([]);
  });
});
