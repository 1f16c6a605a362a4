import { PublicError } from '../../../contract/public-error.ts';
import { formatRocDate } from '../cases/calendar/roc.ts';
import { maskEmail } from '../cases/reading/email.ts';
import type { Google } from '../google/client.ts';
import type { GoogleError } from '../google/error.ts';
import { markFile, type UnmarkedFile } from '../google/files.ts';
import { isBoundScript, listDocuments } from '../ledger/documents.ts';
import { MARKED_FILES, readValue, writeValue } from '../ledger/key-values.ts';
import type { Store } from '../ledger/store.ts';

/** Asks whether these files, which have the right titles and bear no mark, are the office's own. */
export type AskWhetherOwn = (files: readonly UnmarkedFile[]) => Promise<boolean>;

const KINDS = { spreadsheet: '試算表', form: '表單', script: '指令碼專案' };

/** A file as a person is asked about it. What is printed is copied into reports: its owner's address is masked. */
export function describeUnmarked({ title, kind, owner, createdAt }: UnmarkedFile): string {
  const by = owner ? `擁有者 ${maskEmail(owner)}，` : '';
  return `${KINDS[kind]}「${title}」，${by}${formatRocDate(createdAt)}建立`;
}

/** The first of these that somebody says is the office's own; nobody is asked where nobody can answer. */
export async function firstOwn(
  files: readonly UnmarkedFile[],
  isOwn: AskWhetherOwn | undefined,
): Promise<string | undefined> {
  for (const file of files) if (await isOwn?.([file])) return file.id;
  return undefined;
}

async function markedFiles({ db }: Pick<Store, 'db'>): Promise<string[]> {
  return JSON.parse((await readValue(db, MARKED_FILES)) ?? '[]') as string[];
}

/** Notes that a file bears its mark, so that no call is spent on it again. */
export async function rememberMarked(store: Pick<Store, 'db'>, fileId: string): Promise<void> {
  const marked = new Set(await markedFiles(store));
  if (!marked.has(fileId)) await writeValue(store.db, MARKED_FILES, JSON.stringify([...marked, fileId]));
}

interface Marking {
  store: Pick<Store, 'db'>;
  google: Google;
  /** The program's key. */
  program: string;
  warn(about: PublicError): void;
}

/**
 * Marks the files that the ledger knows and that bear no mark: those of an earlier release, those that a rebuilding took,
 * and those whose mark Google refused. The ledger knows them without it, so a refusal holds nothing up; the next start
 * tries again.
 */
export async function markKnownFiles({ store, google, program, warn }: Marking): Promise<void> {
  const marked = new Set(await markedFiles(store));
  for (const { role, id } of await listDocuments(store.db)) {
    if (marked.has(id) || isBoundScript(role)) continue;
    const refused = await markFile(google, id, { program, role });
    if (refused === null) await rememberMarked(store, id);
    // Whoever looks for missing files tells of this one.
    else if (refused.kind !== 'missing') {
      warn(unmarked(refused));
      // Without an answer the others would be waited for just as long.
      if (refused.unknownOutcome) return;
    }
  }
}

function unmarked(refused: GoogleError): PublicError {
  return new PublicError({
    sentence: `有檔案沒有標記為本系統所有：${refused.message}`,
    remedy: '收件與審核不受影響，下次啟動會再試。',
    english: `A file could not be marked as ours: ${refused.logMessage}. The next start tries again.`,
  });
}
