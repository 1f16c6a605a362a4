import { TableError } from './table-error.ts';

/**
 * Decodes a file: UTF-8 as Google writes it, UTF-16 as Excel's "Unicode Text", Big5 as Excel's CSV on a Taiwanese
 * desktop.
 * @throws TableError that names the lines whose bytes are no text. A file in UTF-8 with one damaged byte is not read as
 * Big5: every name in it would come out as other characters.
 */
export function decodeText(bytes: Uint8Array): string {
  const wide = utf16Of(bytes);
  if (wide) return new TextDecoder(wide).decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const lossy = new TextDecoder('utf-8').decode(bytes);
    if (looksLikeUtf8(lossy)) throw damaged(lossy);
    return decodeBig5(bytes);
  }
}

function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  // Without a mark: no other text has a zero in the same place of each comma, digit and line end.
  const sample = bytes.subarray(0, 4096);
  const zeros = (parity: number) => sample.filter((byte, at) => byte === 0 && at % 2 === parity).length;
  const [even, odd] = [zeros(0), zeros(1)];
  if (Math.max(even, odd) < sample.length / 20 || Math.min(even, odd) > Math.max(even, odd) / 10) return null;
  return odd > even ? 'utf-16le' : 'utf-16be';
}

/** Of Big5 read as UTF-8 hardly any character is whole; of UTF-8 with a damaged byte nearly all are. */
function looksLikeUtf8(lossy: string): boolean {
  const whole = lossy.match(/[\u0080-\ufffc\u{10000}-\u{10ffff}]/gu)?.length ?? 0;
  const broken = lossy.match(/\ufffd+/gu)?.length ?? 0;
  return whole > broken;
}

/** Windows stores characters that an office made itself here, and shows them in no other office. */
const OWN_CHARACTERS: readonly [from: number, to: number, codePoint: number][] = [
  [0xfa, 0xfe, 0xe000],
  [0x8e, 0xa0, 0xe311],
  [0x81, 0x8d, 0xeeb8],
];
const TRAILS = 157;

/**
 * Big5 as Windows has it. The web's decoder takes an office's own characters for those of Hong Kong, so that a name
 * would silently become another: they are read as what they are, characters for private use.
 */
function decodeBig5(bytes: Uint8Array): string {
  const plain = new TextDecoder('big5');
  let text = '';
  let begun = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x81) continue;
    const own = ownCharacter(lead, bytes[at + 1] ?? 0);
    if (own) {
      text += plain.decode(bytes.subarray(begun, at)) + own;
      begun = at + 2;
    }
    at += 1;
  }
  text += plain.decode(bytes.subarray(begun));
  if (text.includes('\ufffd')) throw damaged(text);
  return text;
}

function ownCharacter(lead: number, trail: number): string | null {
  const range = OWN_CHARACTERS.find(([from, to]) => lead >= from && lead <= to);
  const column =
    trail >= 0xa1 && trail <= 0xfe ? trail - 0x62 : trail >= 0x40 && trail <= 0x7e ? trail - 0x40 : -1;
  if (!range || column < 0) return null;
  return String.fromCharCode(range[2] + (lead - range[0]) * TRAILS + column);
}

const MOST_NAMED = 5;

function damaged(text: string): TableError {
  const lines = text.split('\n').flatMap((line, index) => (line.includes('\ufffd') ? [index + 1] : []));
  const named = lines.slice(0, MOST_NAMED);
  const more = lines.length > MOST_NAMED ? ` 等 ${lines.length} 行` : ' 行';
  return new TableError(
    `第 ${named.join('、')}${more}有不是文字的位元組，檔案可能在傳送或轉存時損壞`,
    `bytes that are no text in ${lines.length} line(s): ${named.join(', ')}`,
  );
}
