/**
 * Big5 as Windows writes it: what it lacks becomes a question mark, once a UTF-16 unit. Node only reads Big5, so the table
 * is made by reading every pair of bytes; the web's additional characters of Hong Kong are not of it.
 */
const BYTES = new Map<string, readonly [lead: number, trail: number]>();
const decoder = new TextDecoder('big5');
for (let lead = 0xa1; lead <= 0xf9; lead += 1) {
  if (lead >= 0xc7 && lead <= 0xc8) continue;
  for (let trail = 0x40; trail <= 0xfe; trail += 1) {
    if ((trail > 0x7e && trail < 0xa1) || (lead === 0xc6 && trail >= 0xa1)) continue;
    const text = decoder.decode(new Uint8Array([lead, trail]));
    if (text.length === 1 && text !== '\ufffd' && !BYTES.has(text)) BYTES.set(text, [lead, trail]);
  }
}

export function toBig5(text: string): Buffer {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    bytes.push(...(code < 0x80 ? [code] : (BYTES.get(text.charAt(at)) ?? [0x3f])));
  }
  return Buffer.from(bytes);
}

export function hasBig5(character: string): boolean {
  return character < '\u0080' || BYTES.has(character);
}
