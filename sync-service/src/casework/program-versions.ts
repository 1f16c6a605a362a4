import { FINAL_STATES } from '../cases/lifecycle.ts';
import type { Program } from '../cases/program-rules.ts';
import { readCursor, writeCursor } from '../ledger/small-tables.ts';
import { keepVersion, listVersions, readContents } from '../ledger/program-versions.ts';
import type { Case } from './transition.ts';
import type { Parts, StepParts } from './context.ts';
import { isReadLately, readProgram, writeProgram } from '../program/stored.ts';
import { readSettings, withSettings } from './program-settings.ts';

/** A case keeps the program that it began under, however the file changes meanwhile. */
export interface Versions {
  /** Hash of the newest one. */
  newest: string;
  /** Every version that the ledger knows, with the office's settings on top. */
  byHash: ReadonlyMap<string, Program>;
  /** The newest, then the others under which a case is still open, or was until the last clean look. */
  running: readonly Program[];
  /** Hashes of those that run for their open cases. */
  open: readonly string[];
}

/** Hashes whose tabs are kept: the last case has left them, and the tabs need not show it yet. */
export const lingering = (program: Program) => `lingering/${program.key}`;

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
  { program, versions }: Pick<StepParts, 'program' | 'versions'>,
  { program_version }: Pick<Case, 'program_version'>,
): Program {
  if (program_version === null) return program;
  const found = versions.byHash.get(program_version);
  // Begun by another process since this one looked: the next look knows it.
  if (!found) throw new Error(`program version ${program_version.slice(0, 12)} is not read yet`);
  return found;
}

/** The same parts, with the rules of one case. */
export function underRulesOf<P extends Pick<StepParts, 'program' | 'versions'>>(
  parts: P,
  found: Pick<Case, 'program_version'>,
): P {
  return { ...parts, program: rulesOf(parts, found) };
}

/** Remembers the program file in the ledger: new cases begin under it. */
export async function rememberProgram({
  store,
  clock,
  baseProgram,
}: Pick<Parts, 'store' | 'clock' | 'baseProgram'>): Promise<void> {
  const { key, version } = baseProgram;
  await keepVersion(store.db, { ...writeProgram(baseProgram), program: key, version }, clock.now());
}

/** What the ledger knows now: versions, settings, open cases. Each content is read once. */
export async function readVersions({
  store,
  baseProgram,
}: Pick<Parts, 'store' | 'baseProgram'>): Promise<{ program: Program; versions: Versions }> {
  const newest = writeProgram(baseProgram).hash;
  const known = (await listVersions(store.db, baseProgram.key))
    .map(({ hash }) => hash)
    .filter((hash) => hash !== newest);
  const contents = await readContents(
    store.db,
    known.filter((hash) => !isReadLately(hash)),
  );
  const settings = await readSettings(store);
  const program = withSettings(baseProgram, settings);
  const byHash = new Map([[newest, program]]);
  for (const hash of known) {
    const earlier = readProgram(hash, contents.get(hash) ?? '');
    // No rules: whom to ask and who stands in a list is what the newest file says.
    const contacts = { ...earlier.contacts, ...baseProgram.contacts };
    const rosters = earlier.rosters.map(
      (roster) => baseProgram.rosters.find(({ key }) => key === roster.key) ?? roster,
    );
    byHash.set(hash, withSettings({ ...earlier, contacts, rosters }, settings));
  }
  const open = await store.db
    .selectFrom('cases')
    .select('program_version')
    .distinct()
    .where('program', '=', baseProgram.key)
    .where('state', 'not in', FINAL_STATES)
    .execute();
  const hashes = open.flatMap((row) => row.program_version ?? []);
  const lingers = JSON.parse((await readCursor(store.db, lingering(baseProgram))) ?? '[]') as string[];
  const running = known
    .filter((hash) => hashes.includes(hash) || lingers.includes(hash))
    .flatMap((hash) => byHash.get(hash) ?? []);
  return { program, versions: { newest, byHash, running: [program, ...running], open: hashes } };
}

/** Queues that the newest file has no longer, with the cases that still lie there: for whoever changed the file. */
export async function formerQueues({
  store,
  program,
  versions,
}: Pick<StepParts, 'store' | 'program' | 'versions'>): Promise<string[]> {
  const kept = new Set(program.queues.map(({ key }) => key));
  const former = queuesIn(versions.running).filter(({ key }) => !kept.has(key));
  const sentences: string[] = [];
  for (const { key, label } of former) {
    const { count } = await store.db
      .selectFrom('cases')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('program', '=', program.key)
      .where('queue', '=', key)
      .where('state', 'not in', FINAL_STATES)
      .executeTakeFirstOrThrow();
    sentences.push(
      `佇列「${label}」（${key}）已不在設定檔，還有 ${Number(count)} 件在那裡：它的試算表照舊處理到辦完為止，急著停用請先把案件轉送或辦結。`,
    );
  }
  return sentences;
}

/** After a look that found nothing left to write, the tabs of versions without open cases are let go. */
export async function keepLingering({ store, baseProgram, versions }: Parts, clean: boolean): Promise<void> {
  const now = JSON.parse((await readCursor(store.db, lingering(baseProgram))) ?? '[]') as string[];
  const older = versions.open.filter((hash) => hash !== versions.newest);
  const next = clean ? older : [...new Set([...now, ...older])];
  if (JSON.stringify(next.toSorted()) === JSON.stringify(now.toSorted())) return;
  await writeCursor(store.db, lingering(baseProgram), JSON.stringify(next));
}

/** Puts what the ledger says now in force. */
export async function useVersions(parts: Parts): Promise<void> {
  Object.assign(parts, await readVersions(parts));
}
