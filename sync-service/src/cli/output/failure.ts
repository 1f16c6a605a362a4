import { UserError } from './user-error.ts';

/** Errors whose message tells a person what to do. */
const FOR_PEOPLE = ['ProgramError', 'FolderInUseError', 'GoogleError', 'OfficeError', 'TemplateError'];

/** What the system says about files. */
const FILES: Record<string, string> = {
  ENOENT: '檔案或資料夾不存在',
  ENOTDIR: '路徑中有一段不是資料夾',
  EISDIR: '這是資料夾，不是檔案',
  EACCES: '沒有權限',
  EPERM: '沒有權限',
  EROFS: '磁碟是唯讀的',
  ENOSPC: '磁碟已滿',
};

/** What keeps us from the database: connection codes and SQLSTATEs. */
const DATABASE: Record<string, string> = {
  ECONNREFUSED: '沒有伺服器在那裡',
  ECONNRESET: '連線中斷',
  ENOTFOUND: '查無這台主機',
  EAI_AGAIN: '查不到主機位址',
  ETIMEDOUT: '逾時沒有回應',
  '28P01': '密碼不對',
  '28000': '這個使用者不能登入',
  '3D000': '沒有這個資料庫',
  '42501': '這個使用者沒有權限',
  '53300': '連線數已滿',
};

/** One sentence for the person at the keyboard; null where the error is ours and wants its stack trace. */
export function sentenceFor(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof UserError || FOR_PEOPLE.includes(error.constructor.name)) return error.message;
  const { code, path } = error as NodeJS.ErrnoException;
  if (!code) return null;
  if (path && FILES[code]) return `無法讀寫 ${path}：${FILES[code]}。 (${code})`;
  if (process.env.DATABASE_URL && DATABASE[code])
    return `連不上 DATABASE_URL 指定的 PostgreSQL：${DATABASE[code]}。請檢查 .env 的 DATABASE_URL。 (${code})`;
  return null;
}

/** Why a file cannot be used, to stand behind its name. */
export function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return FILES[code] ?? message;
}
