import { AsyncLocalStorage } from 'node:async_hooks';

/** Who asks: the address of a Google account, or null for somebody who is signed in to none. */
export type Person = string | null;

const acting = new AsyncLocalStorage<Person>();

/** Everything that `work` asks of this Google is asked by this person. */
export function actAs<T>(person: Person, work: () => T): T {
  return acting.run(person, work);
}

/** What the embedding program and its listeners do is their own doing, whoever's request set it off. */
export function asProgram<T>(work: () => T): T {
  return acting.exit(work);
}

/** Undefined where no person asks: the program that embeds the emulator, or a script's trigger. Nothing binds it. */
export function actingPerson(): Person | undefined {
  return acting.getStore();
}

export const isSame = (a: string | null | undefined, b: string | null | undefined) =>
  typeof a === 'string' && a.toLowerCase() === b?.toLowerCase();
