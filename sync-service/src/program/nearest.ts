import { distance } from '../cases/reading/distance.ts';

/** `，是不是「casePrefix」？` where one of the known names is a slip away, else nothing. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const [nearest] = [...known]
    .map((name) => ({ name, slips: distance(plain(typed), plain(name)) }))
    .filter(({ name, slips }) => slips <= (name.length < 5 ? 1 : Math.max(2, Math.floor(name.length / 4))))
    .toSorted((a, b) => a.slips - b.slips);
  return nearest ? `，是不是「${nearest.name}」？` : '';
}

const plain = (name: string) => name.toLowerCase().replace(/[-_]/gu, '');
