/** `，是不是「casePrefix」？` where one of the known names is a slip away, else nothing. */
export function didYouMean(typed: string, known: Iterable<string>): string {
  const [nearest] = [...known]
    .map((name) => ({ name, slips: distance(plain(typed), plain(name)) }))
    .filter(({ name, slips }) => slips <= (name.length < 5 ? 1 : Math.max(2, Math.floor(name.length / 4))))
    .toSorted((a, b) => a.slips - b.slips);
  return nearest ? `，是不是「${nearest.name}」？` : '';
}

const plain = (name: string) => name.toLowerCase().replace(/[-_]/gu, '');

/** How many letters must be put in, left out or changed. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (const [j, against] of [...other].entries())
      next.push(
        Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === against ? 0 : 1)),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
