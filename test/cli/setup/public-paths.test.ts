import { query } from '../../../sync-service/src/ledger/query.ts';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PATHS } from '../../../contract/paths.ts';
import { askPath, PUBLIC_PATHS } from '../../../sync-service/src/cli/setup/public-paths.ts';
import { COMPLETE, openStage, type Stage } from '../../stage/stage.ts';

/** A proxy of the kind that docs/operator.md describes: what it does not pass on it answers by itself. */
let left: string | null = null;
const proxy = createServer((incoming, outgoing) => {
  if (left !== null && incoming.url?.startsWith(left)) {
    outgoing.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404 Not Found</h1>');
    return;
  }
  const { method, headers, url } = incoming;
  const passed = request(`${stage.service.web.url}${url}`, { method, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  });
  incoming.pipe(passed);
});
const proxyUrl = () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', () => resolve()));
});
afterAll(async () => {
  proxy.close();
  await stage.close();
});

beforeEach(() => {
  left = null;
});

describe('a public path', () => {
  it.each(
    PUBLIC_PATHS,
  )('%s arrives through the proxy, and is missed where the proxy leaves it out', async (key) => {
    const { process } = stage.service;
    await askPath(proxyUrl(), key, process);
    left = PATHS[key].path;
    await expect(askPath(proxyUrl(), key, process)).rejects.toThrow(
      `代理伺服器把 ${PATHS[key].path} 交給服務`,
    );
  });

  it('is told from another service, and from nobody at all', async () => {
    await expect(
      askPath(proxyUrl(), 'ping', { ...stage.service.process, secret: 'another' }),
    ).rejects.toThrow('BUDENG_SECRET');
    await expect(askPath('http://127.0.0.1:9', 'health', stage.service.process)).rejects.toThrow('連不上');
  });
});

describe('a sweep behind a proxy that leaves a path out', () => {
  it.each([
    'erasures',
    'ping',
  ] as const)('fails loudly for %s, after it has taken in what is new', async (key) => {
    const { length } = await query(stage.service.store.db).selectFrom('cases').select('id').execute();
    await stage.google.deploy(
      { ...stage.service, web: { ...stage.service.web, url: proxyUrl() } },
      { deliver: () => ({ times: 0 }) },
    );
    await stage.submit('initial', { ...COMPLETE, name: `代理${key}` });
    left = PATHS[key].path;
    const { script } = stage;
    await script.fireClock();
    expect(script.failures().at(-1)).toContain(`${PATHS[key].path} 應回 200，卻回 404`);
    left = null;
    const before = script.failures().length;
    await script.fireClock();
    expect(script.failures()).toHaveLength(before);
    await stage.settle();
    expect(await query(stage.service.store.db).selectFrom('cases').select('id').execute()).toHaveLength(
      length + 1,
    );
  });
});
