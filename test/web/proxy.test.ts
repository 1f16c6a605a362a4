import { afterEach, beforeEach, expect, it } from 'vitest';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** A wrong link, followed by `client` as the proxy names it. */
async function ask(client: string): Promise<number> {
  const url = `${stage.service.web.url}/t/${'x'.repeat(43)}`;
  return (await fetch(url, { headers: { 'x-forwarded-for': client } })).status;
}

it('counts wrong links for each client behind the proxy, not for the proxy', async () => {
  const guesses: number[] = [];
  for (let i = 0; i < 11; i += 1) guesses.push(await ask('203.0.113.7'));
  expect(guesses).toEqual([...Array.from({ length: 10 }, () => 404), 429]);
  expect(await ask('203.0.113.8')).toBe(404);
});

it('counts an IPv6 client by its network: one machine there has addresses without end', async () => {
  const guesses: number[] = [];
  for (let i = 0; i < 11; i += 1) guesses.push(await ask(`2001:db8:0:1::${i + 1}`));
  expect(guesses).toEqual([...Array.from({ length: 10 }, () => 404), 429]);
  expect(await ask('2001:db8:1:1::1')).toBe(404);
});

it('limits only wrong links so early: many teachers of one school read their cases at once', async () => {
  await stage.submit('initial', COMPLETE);
  await stage.settle();
  const link = /\S+\/t\/\S+/u.exec(stage.mailsTo(COMPLETE.email)[0]?.text ?? '')?.[0] ?? '';
  const statuses = await Promise.all(Array.from({ length: 30 }, async () => (await fetch(link)).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
});
