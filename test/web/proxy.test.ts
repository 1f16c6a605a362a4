import { afterEach, expect, it } from 'vitest';
import { openStage, type Stage } from '../stage/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

it('counts wrong links for each client behind the proxy, not for the proxy', async () => {
  stage = await openStage();
  const ask = async (client: string) => {
    const url = `${stage.service.web.url}/t/${'x'.repeat(43)}`;
    return (await fetch(url, { headers: { 'x-forwarded-for': client } })).status;
  };
  const guesses: number[] = [];
  for (let i = 0; i < 11; i += 1) guesses.push(await ask('203.0.113.7'));
  expect(guesses).toEqual([...Array.from({ length: 10 }, () => 404), 429]);
  expect(await ask('203.0.113.8')).toBe(404);
});
