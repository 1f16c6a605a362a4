/** Every character of Big5 as Windows in Taiwan has it; those that the web's decoder takes from Hong Kong are not of it. */
let characters: ReadonlySet<string> | null = null;

function big5Characters(): ReadonlySet<string> {
  const pairs: number[] = [];
  for (let lead = 0xa1; lead <= 0xf9; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const isOwn = lead === 0xc7 || lead === 0xc8 || (lead === 0xc6 && trail > 0xa0);
      if (!isOwn && (trail < 0x7f || trail > 0xa0)) pairs.push(lead, trail);
    }
  const found = new Set(new TextDecoder('big5').decode(new Uint8Array(pairs)));
  // What the decoder says for a pair that stands for nothing.
  found.delete('\ufffd');
  return found;
}

/** A text as it comes back from a file in Big5: what that lacks is a question mark, once a UTF-16 unit. */
export function asBig5Keeps(text: string): string {
  characters ??= big5Characters();
  const kept = characters;
  return text.replace(/\P{ASCII}/gu, (each) => (kept.has(each) ? each : '?'.repeat(each.length)));
}

/** A question mark in a name is hardly typed: it stands for a character that some file could not hold. */
export function hasLostCharacter(name: string): boolean {
  return /[?？\ufffd]/u.test(name);
}
