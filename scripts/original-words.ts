import { existsSync, readFileSync } from 'node:fs';
import {
  hashOfWords,
  type KnownOriginals,
  ORIGINALS_FILE,
  originalWords,
  readTemplate,
  WORDING_PARTS,
} from '../sync-service/src/notices/template-files.ts';
import { NOTICE_KINDS } from '../sync-service/src/notices/types.ts';
import { recordOf } from '../contract/records.ts';

/** Adds the words as they are now; those of earlier releases stay, as offices have them in their cells. */
export function recordOriginalWords(): string {
  const recorded: KnownOriginals = existsSync(ORIGINALS_FILE)
    ? JSON.parse(readFileSync(ORIGINALS_FILE, 'utf8'))
    : {};
  const all = recordOf(NOTICE_KINDS, (kind) => {
    const words = originalWords(readTemplate(kind));
    return recordOf(WORDING_PARTS, (part) => [
      ...new Set([...(recorded[kind]?.[part] ?? []), hashOfWords(words[part])]),
    ]);
  });
  return `${JSON.stringify(all, null, 2)}\n`;
}
