import type { Case } from '../ledger/schema.ts';
import type { Program } from '../cases/program-rules.ts';
import { readValue, writeValue } from '../ledger/key-values.ts';
import { keepVersion, listVersions, mergeVersion, readContents } from '../ledger/program-versions.ts';
import { listVersionsInUse } from '../ledger/repositories/case-lists.ts';
import { countOpen } from '../ledger/repositories/statistics.ts';
import type { CaseContext, Versions, TabContext } from './context.ts';
import { isReadLately, readProgram, writeProgram } from '../program/stored.ts';
import { readSettings, withSettings } from './program-settings.ts';

/** Hashes whose tabs are kept: the last case has left them, and the tabs need not show it yet. */
export const retiring = (program: Program) => `retiring/${program.key}`;

/** The queues of several versions, each as the first one says that has it. */
export function queuesIn(programs: readonly Program[]): Program['queues'] {
  const byKey = new Map(
    programs.toReversed().flatMap(({ queues }) => queues.map((queue) => [queue.key, queue])),
  );
  const inOrder = new Set(programs.flatMap(({ queues }) => queues.map(({ key }) => key)));
  return [...inOrder].flatMap((key) => byKey.get(key) ?? []);
}

/** The rules that a case goes by. */
export function rulesOf(
  { program, versions }: Pick<CaseContext, 'program' | 'versions'>,
  { program_version }: Pick<Case, 'program_version'>,
): Program {
  if (program_version === null) return program;
  const found = versions.byHash.get(program_version);
  // Another process began the version after this one had read the rules; the next cycle knows it.
  if (!found) throw new Error(`program version ${program_version.slice(0, 12)} is not read yet`);
  return found;
}

/** Gives the same context with the rules of one case. */
export function underRulesOf<P extends Pick<CaseContext, 'program' | 'versions'>>(
  context: P,
  found: Pick<Case, 'program_version'>,
): P {
  return { ...context, program: rulesOf(context, found) };
}

/** Remembers the program file in the ledger: new cases begin under it. */
export async function rememberProgram({
  store,
  clock,
  baseProgram,
}: Pick<TabContext, 'store' | 'clock' | 'baseProgram'>): Promise<void> {
  const { key, version } = baseProgram;
  const newest = writeProgram(baseProgram);
  await keepVersion(store.db, { ...newest, program: key, version }, clock.now());
  const others = (await listVersions(store.db, key)).filter(({ hash }) => hash !== newest.hash);
  const contents = await readContents(
    store.db,
    others.map(({ hash }) => hash),
  );
  // A release that adds a key, or drops one, writes the same rules otherwise: they stay one version.
  for (const [hash, content] of contents)
    if (writeProgram(readProgram(hash, content)).hash === newest.hash)
      await mergeVersion(store.db, hash, newest.hash);
}

/** What the ledger knows now: versions, settings, open cases. Each content is read once. */
export async function readVersions({
  store,
  baseProgram,
}: Pick<TabContext, 'store' | 'baseProgram'>): Promise<{ program: Program; versions: Versions }> {
  const newest = writeProgram(baseProgram).hash;
  const known = (await listVersions(store.db, baseProgram.key))
    .map(({ hash }) => hash)
    .filter((hash) => hash !== newest);
  const contents = await readContents(
    store.db,
    known.filter((hash) => !isReadLately(hash)),
  );
  const settings = await readSettings(store, baseProgram);
  const program = withSettings(baseProgram, settings);
  const byHash = new Map([[newest, program]]);
  const files = [baseProgram];
  for (const hash of known) {
    const earlier = readProgram(hash, contents.get(hash) ?? '');
    files.push(earlier);
    // Contacts, rosters and holidays are no rules: whom to ask, who is listed and when offices work is what the newest
    // file says.
    const contacts = { ...earlier.contacts, ...baseProgram.contacts };
    const rosters = earlier.rosters.map(
      (roster) => baseProgram.rosters.find(({ key }) => key === roster.key) ?? roster,
    );
    byHash.set(
      hash,
      withSettings({ ...earlier, contacts, rosters, calendar: baseProgram.calendar }, settings),
    );
  }
  const hashes = await listVersionsInUse(store.db, baseProgram.key);
  const lingers = JSON.parse((await readValue(store.db, retiring(baseProgram))) ?? '[]') as string[];
  const running = known
    .filter((hash) => hashes.includes(hash) || lingers.includes(hash))
    .flatMap((hash) => byHash.get(hash) ?? []);
  return { program, versions: { newest, byHash, files, running: [program, ...running], open: hashes } };
}

/** Queues that the newest file has no longer, with the cases that still lie there: for whoever changed the file. */
export async function formerQueues({
  store,
  program,
  versions,
}: Pick<CaseContext, 'store' | 'program' | 'versions'>): Promise<string[]> {
  const managed = new Set(program.queues.map(({ key }) => key));
  const former = queuesIn(versions.running).filter(({ key }) => !managed.has(key));
  const sentences: string[] = [];
  for (const { key, label } of former) {
    const count = await countOpen(store.db, program.key, key);
    sentences.push(
      `佇列「${label}」（${key}）已不在設定檔，還有 ${count} 件在那裡：它的試算表照舊處理到辦完為止，急著停用請先把案件轉送或辦結。`,
    );
  }
  return sentences;
}

/** Lets go of the tabs of versions without open cases, after a cycle that had nothing left to write. */
export async function keepRetiring(
  { store, baseProgram, versions }: Pick<TabContext, 'store' | 'baseProgram' | 'versions'>,
  clean: boolean,
): Promise<void> {
  const now = JSON.parse((await readValue(store.db, retiring(baseProgram))) ?? '[]') as string[];
  const older = versions.open.filter((hash) => hash !== versions.newest);
  const next = clean ? older : [...new Set([...now, ...older])];
  if (JSON.stringify(next.toSorted()) === JSON.stringify(now.toSorted())) return;
  await writeValue(store.db, retiring(baseProgram), JSON.stringify(next));
}
