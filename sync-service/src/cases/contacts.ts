import type { Program } from './program-rules.ts';

type Contact = Program['contacts'][string];

/** Whom a person may ask: the contact of this key, else the first that the file has; undefined where it has none. */
export function contactOf({ contacts }: Pick<Program, 'contacts'>, key = ''): Contact | undefined {
  return contacts[key] ?? Object.values(contacts)[0];
}

/** The same, or the office itself: a mail and a page always name somebody. */
export function contactFor(program: Pick<Program, 'contacts' | 'office'>, key?: string): Contact {
  return contactOf(program, key) ?? { office: program.office, phone: '', email: null };
}
