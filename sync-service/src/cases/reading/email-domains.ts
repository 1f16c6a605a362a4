import { distance } from './distance.ts';

/** Where teachers in Taiwan have their mailboxes. */
const USUAL = [
  'gmail.com',
  'yahoo.com.tw',
  'yahoo.com',
  'hotmail.com',
  'hotmail.com.tw',
  'outlook.com',
  'icloud.com',
  'pchome.com.tw',
];
/** Real ones that are a slip away from a usual one. */
const REAL = new Set(['mail.com', 'ymail.com', 'email.com', 'hotmail.co', 'me.com', 'outlook.com.tw']);
/** No domain ends with these. */
const SLIPPED_END = /\.(?:con|cmo|ocm|comm|coom|cpm|xom|vom|ent|nett|tww|twn)$/u;
const MOST_SLIPS = 2;

/** `gmial.con` is `gmail.com` with two slips. Null where the domain is a usual one, or like none. */
export function usualDomainNear(domain: string): string | null {
  if (USUAL.includes(domain) || REAL.has(domain)) return null;
  const [nearest] = USUAL.filter((usual) => Math.abs(usual.length - domain.length) <= MOST_SLIPS)
    .map((usual) => ({ usual, slips: distance(domain, usual) }))
    .filter(({ usual, slips }) => slips <= MOST_SLIPS && !isAnotherCountry(domain, usual))
    .toSorted((a, b) => a.slips - b.slips);
  if (nearest) return nearest.usual;
  // gmail.com.tw does not exist; 學校.edu.con neither, whatever it was to be.
  if (domain === 'gmail.com.tw' || domain === 'gmail.tw') return 'gmail.com';
  return SLIPPED_END.test(domain) ? domain.replace(SLIPPED_END, (end) => correctEnd(end)) : null;
}

function correctEnd(end: string): string {
  if (end.startsWith('.tw')) return '.tw';
  return end === '.ent' || end === '.nett' ? '.net' : '.com';
}

/** yahoo.com.hk is as real as yahoo.com.tw. */
function isAnotherCountry(domain: string, usual: string): boolean {
  const country = /\.[a-z]{2}$/u;
  return (
    country.test(domain) && country.test(usual) && domain.replace(country, '') === usual.replace(country, '')
  );
}
