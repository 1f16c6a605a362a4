import { PublicError } from '../../../../contract/public-error.ts';
import { ledgerFailure } from '../../ledger/failure.ts';

/** What the system says about files. */
const FILES: Record<string, { zh: string; remedy: string; en: string }> = {
  ENOENT: { zh: '檔案或資料夾不存在', remedy: '請核對路徑。', en: 'no such file or folder' },
  ENOTDIR: { zh: '路徑中有一段不是資料夾', remedy: '請核對路徑。', en: 'a part of the path is no folder' },
  EISDIR: { zh: '這是資料夾，不是檔案', remedy: '請核對路徑。', en: 'it is a folder' },
  EACCES: { zh: '沒有權限', remedy: '請檢查檔案的權限。', en: 'no permission' },
  EPERM: { zh: '沒有權限', remedy: '請檢查檔案的權限。', en: 'no permission' },
  EROFS: { zh: '磁碟是唯讀的', remedy: '請換一個位置。', en: 'the disk is read-only' },
  ENOSPC: { zh: '磁碟已滿', remedy: '請清出空間。', en: 'the disk is full' },
};

/** Puts an error into words for the person at the keyboard; null where it is ours and wants its stack trace. */
export function publicErrorOf(error: unknown): PublicError | null {
  if (error instanceof PublicError) return error;
  if (!(error instanceof Error)) return null;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const reason = FILES[code];
  if (path && reason)
    return new PublicError({
      sentence: `無法讀寫 ${path}：${reason.zh}（${code}）。`,
      remedy: reason.remedy,
      english: `${path}: ${reason.en}.`,
    });
  return process.env.DATABASE_URL ? ledgerFailure(error) : null;
}

/**
 * Prints any other error by its kind and by where it came up. A library hangs more on it than belongs on a screen; a
 * database's error, which is known by its severity, quotes the row with the names in it.
 */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code = '', name, message, stack = '' } = error as NodeJS.ErrnoException;
  const said = 'severity' in error ? `the database refused it (${code})` : message;
  const frames = stack.split('\n').filter((line) => /^\s+at /u.test(line));
  return [`${name}: ${said}`, ...frames].join('\n');
}

/** Joins the words of an error in both languages, as a terminal shows them. */
export function inBothLanguages({ message, english }: PublicError): string {
  return `${message}\n(${english})`;
}

/** Says why a file cannot be used, in a clause that follows its name. */
export function reasonOf(error: unknown): { zh: string; en: string } {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return FILES[code] ?? { zh: message, en: message };
}
