import { createHash } from 'node:crypto';

/** The one Message-ID that a notice ever has, so that a mail that did go twice is seen as one by its reader. */
export function messageIdFor(scope: string, kind: string, revision: string, domain: string): string {
  const digest = createHash('sha256').update(`${scope}/${kind}/${revision}`).digest('hex').slice(0, 12);
  return `<${scope}.${kind}.${revision}.${digest}@${domain}>`;
}
