import { readFileSync } from 'node:fs';

/**
 * The text of a CSV: UTF-8 as Google writes it, Big5 or UTF-16 as Excel saves it again on a Taiwanese desktop.
 * @throws Error where the file cannot be read
 */
export function readTextFile(file: string): string {
  return decodeText(readFileSync(file));
}

export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('big5').decode(bytes);
  }
}
