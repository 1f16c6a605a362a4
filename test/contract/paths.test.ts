import { expect, it } from 'vitest';
import { addressOf, PATHS } from '../../contract/paths.ts';

it('an address keeps its host, whatever the host is called', () => {
  expect(addressOf('https://pingtung.example', 'erasures')).toBe('https://pingtung.example/erasures');
  expect(addressOf('https://ping.example/ping/', 'erasures')).toBe('https://ping.example/ping/erasures');
  expect(addressOf('https://office.example//', 'tracking', 'TOKEN')).toBe('https://office.example/t/TOKEN');
});

it('no path lies below another', () => {
  const paths = Object.values(PATHS).map(({ path }) => path);
  for (const path of paths)
    expect(paths.filter((other) => other === path || path.startsWith(`${other}/`))).toEqual([path]);
});
