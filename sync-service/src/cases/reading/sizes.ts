import type { ProgramForm } from '../program-rules.ts';

export type SizedField = Pick<ProgramForm['fields'][number], 'key' | 'type'>;

/** How much each kind of field can sensibly hold, in UTF-16 units. What is beyond is asked about and not read. */
const BY_KEY: Record<string, number> = {
  name: 100,
  school: 200,
  'school-year': 100,
  'certificate-number': 200,
  'id-number': 50,
};
const BY_TYPE: Record<SizedField['type'], number> = {
  text: 1000,
  paragraph: 5000,
  choice: 2000,
  file: 5000,
  email: 400,
  consent: 2000,
};

export function longestAnswer(field: SizedField | undefined): number {
  return BY_KEY[field?.key ?? ''] ?? BY_TYPE[field?.type ?? 'paragraph'];
}

/** Runs of blanks are cut, so that a box filled with blanks counts by its words. Indented lines and paragraphs stay. */
export function withoutFilling(text: string): string {
  return text.replace(/\s{4,}/gu, (blanks) => (blanks.includes('\n') ? '\n\n' : ' '));
}

/** What a person of the office writes beside a decision: it goes into a mail, or into the history. */
export const LONGEST_REASON = 2000;
export const LONGEST_ACTOR = 100;

/** The longest name and certificate number that a list handed in may bear. */
export const LONGEST_NAME = longestAnswer({ key: 'name', type: 'text' });
export const LONGEST_NUMBER = longestAnswer({ key: 'certificate-number', type: 'text' });
