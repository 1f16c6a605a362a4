/** Every character of Big5 as Windows in Taiwan has it; those that the web's decoder takes from Hong Kong are not of it. */
function big5Characters(): string {
  const pairs: number[] = [];
  for (let lead = 0xa1; lead <= 0xf9; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      const isOwn = lead === 0xc7 || lead === 0xc8 || (lead === 0xc6 && trail > 0xa0);
      if (!isOwn && (trail < 0x7f || trail > 0xa0)) pairs.push(lead, trail);
    }
  // What the decoder says for a pair that stands for nothing.
  return new TextDecoder('big5').decode(new Uint8Array(pairs)).replaceAll('\ufffd', '');
}

/** By UTF-16 unit: what a file in Big5 keeps of it. Read character by character, a long answer would take its time. */
let kept: Uint16Array | null = null;

function keptUnits(): Uint16Array {
  const units = new Uint16Array(0x1_0000).fill('?'.charCodeAt(0));
  for (let unit = 0; unit < 0x80; unit += 1) units[unit] = unit;
  for (const each of big5Characters()) if (each.length === 1) units[each.charCodeAt(0)] = each.charCodeAt(0);
  return units;
}

/** A text as it comes back from a file in Big5: what that lacks is a question mark, once a UTF-16 unit. */
export function asBig5Keeps(text: string): string {
  if (/^\p{ASCII}*$/u.test(text)) return text;
  kept ??= keptUnits();
  const units = Buffer.from(text, 'utf16le');
  for (let at = 0; at < units.length; at += 2) units.writeUInt16LE(kept[units.readUInt16LE(at)] ?? 0, at);
  return units.toString('utf16le');
}

/** A question mark in a name is hardly typed: it stands for a character that some file could not hold. */
export function hasLostCharacter(name: string): boolean {
  return /[?？\ufffd]/u.test(name);
}
