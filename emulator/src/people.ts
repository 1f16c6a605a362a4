import { AsyncLocalStorage } from 'node:async_hooks';

/** Who asks: the address of a Google account, or null for somebody who is signed in to none. */
export type Person = string | null;

/** The program that asks in a person's name, by the id of its OAuth client. */
export interface Client {
  id: string;
  /** Its consent is `drive.file`, where nothing wider covers what it asks: it reaches only the files that it made. */
  ownFilesOnly: boolean;
}

const acting = new AsyncLocalStorage<{ person: Person; client?: Client | undefined }>();

/** Everything that `work` asks of this Google is asked by this person, through this client where one is known. */
export function actAs<T>(person: Person, work: () => T, client?: Client): T {
  return acting.run({ person, client }, work);
}

/** What the embedding program and its listeners do is their own doing, whoever's request set it off. */
export function asProgram<T>(work: () => T): T {
  return acting.exit(work);
}

/** Undefined where no person asks: the program that embeds the emulator, or a script's trigger. Nothing binds it. */
export function actingPerson(): Person | undefined {
  return acting.getStore()?.person;
}

/** Undefined where no client's token says who it is, and in pages, scripts and the embedding program. */
export function actingClient(): Client | undefined {
  return acting.getStore()?.client;
}

export const isSame = (a: string | null | undefined, b: string | null | undefined) =>
  typeof a === 'string' && a.toLowerCase() === b?.toLowerCase();
