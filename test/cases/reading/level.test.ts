import { expect, it } from 'vitest';
import { readLevel } from '../../../sync-service/src/cases/reading/level.ts';

it.each([
  ['初階', 'initial'],
  ['初階專業回饋人才', 'initial'],
  ['進階', 'advanced'],
  [' 進 階 ', 'advanced'],
  ['進階評鑑人員', 'advanced'],
  ['教學輔導教師', 'mentor'],
  ['教輔', 'mentor'],
  ['教輔教師', 'mentor'],
  ['Mentor', 'mentor'],
  ['', 'missing'],
  ['　', 'missing'],
  ['進階、教學輔導教師', null],
  ['初階, 進階', null],
  ['高階', null],
  ['不清楚', null],
])('%j is %s', (text, level) => {
  expect(readLevel(text)).toBe(level);
});
