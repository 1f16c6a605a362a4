import { usualDomainNear } from './email-domains.ts';
import { listedParts, normalized, trimmed } from './text.ts';

const LOCAL = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/u;

/** The address as mail is sent to it (NFKC, lower case), or null. Inner blanks are a slip to ask about, not to repair. */
export function emailOf(raw: string | undefined): string | null {
  const text = trimmed(normalized(raw)).toLowerCase();
  const at = text.lastIndexOf('@');
  const [local, domain] = [text.slice(0, at), text.slice(at + 1)];
  if (at < 1 || text.length > 254 || local.length > 64) return null;
  return LOCAL.test(local) && DOMAIN.test(domain) ? text : null;
}

/** The addresses that an operator or an administrator listed, and the parts of the list that are none. */
export function listedEmails(typed: string): { addresses: string[]; wrong: string[] } {
  const parts = listedParts(typed);
  return {
    // What was checked is what mail is sent to: a full-width ＠ is refused by every server.
    addresses: [...new Set(parts.flatMap((part) => emailOf(part) ?? []))],
    wrong: parts.filter((part) => emailOf(part) === null),
  };
}

/** What an entry's address was taken from, where it is to be asked about. */
export const EMAIL_DOUBTS = ['unclear', 'verified', 'possible-slip'] as const;
export type EmailDoubt = (typeof EMAIL_DOUBTS)[number];

const LABEL = /^(?:mailto|e-?mail|mail|信箱|電子郵件(?:地址|信箱)?)\s*:?\s*(?=\S)/u;
const BRACKETED = /<\s*([^<>\s]+)\s*>/gu;

/**
 * Every usable address in what was typed: `王小明 <a@b.tw>`, `mailto:a@b.tw`, `a@b.tw。`, `a@b.tw、c@d.tw`. None where
 * something else stands beside it that may be a part of it: `a b@c.tw` and `a@yahoo.com,tw` are not repaired.
 */
function addressesIn(raw: string | undefined): string[] {
  const text = trimmed(normalized(raw))
    .toLowerCase()
    .replace(LABEL, '')
    .replace(/(?<=[a-z0-9])。(?=[a-z])/gu, '.');
  const bracketed = [...text.matchAll(BRACKETED)].flatMap(
    ([, inner]) => emailOf(inner?.replace(LABEL, '')) ?? [],
  );
  if (bracketed.length > 0) return [...new Set(bracketed)];
  const pieces = text
    .split(/[\s,;、/|<>()"「」『』]+/u)
    .map((piece) => piece.replace(/[.:。!]+$/u, ''))
    .filter(Boolean);
  const isBeside = (piece: string) => /[a-z0-9]/u.test(piece) && !piece.includes('@');
  return pieces.some(isBeside) ? [] : [...new Set(pieces.flatMap((piece) => emailOf(piece) ?? []))];
}

/**
 * The address that an entry's notices go to: the typed one; of several that which arrives best; where none can be read,
 * or its domain looks mistyped, the one that Google has verified. Null where there is none.
 */
export function chooseEmail(
  typed: string,
  verified: string | undefined,
  discouraged: readonly string[],
): { email: string; doubt: EmailDoubt | null } | null {
  const plain = emailOf(typed);
  const found = plain === null ? addressesIn(typed) : [plain];
  const chosen = found.find((each) => !isUnder(domainOf(each), discouraged)) ?? found[0];
  const isSlip = (address: string) => usualDomainNear(domainOf(address)) !== null;
  const sure = emailOf(verified);
  if (sure !== null && sure !== chosen && (!chosen || (isSlip(chosen) && !isSlip(sure))))
    return { email: sure, doubt: 'verified' };
  if (!chosen) return null;
  if (isSlip(chosen)) return { email: chosen, doubt: 'possible-slip' };
  return { email: chosen, doubt: plain === null ? 'unclear' : null };
}

export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/** Is true for the domain itself and for every domain below it. */
export function isUnder(domain: string, parents: readonly string[]): boolean {
  return parents.some((parent) => domain === parent || domain.endsWith(`.${parent}`));
}

/** Writes `w***@school.example`, which tells its owner enough and anybody else too little. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const [first = ''] = address;
  return at < 1 ? '***' : `${first}***${address.slice(at)}`;
}
