import { createHash } from 'node:crypto';

/** The one Message-ID that a notice ever has, so that a mail that did go twice is seen as one by its reader. */
export function messageIdFor(caseNumber: string, kind: string, revision: number, domain: string): string {
  const digest = createHash('sha256').update(`${caseNumber}/${kind}/${revision}`).digest('hex').slice(0, 12);
  return `<${caseNumber}.${kind}.${revision}.${digest}@${domain}>`;
}
