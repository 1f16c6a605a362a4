import { PublicError } from '../../../contract/public-error.ts';

/** What keeps us from a PostgreSQL server, by connection code and SQLSTATE. */
const CAUSES: Record<string, { zh: string; en: string }> = {
  ECONNREFUSED: { zh: '沒有伺服器在那裡', en: 'nothing listens there' },
  ECONNRESET: { zh: '連線中斷', en: 'the connection broke' },
  ENOTFOUND: { zh: '查無這台主機', en: 'no such host' },
  EAI_AGAIN: { zh: '查不到主機位址', en: 'its address cannot be looked up' },
  ETIMEDOUT: { zh: '逾時沒有回應', en: 'no answer in time' },
  '28P01': { zh: '密碼不對', en: 'wrong password' },
  '28000': { zh: '這個使用者不能登入', en: 'this user may not log in' },
  '3D000': { zh: '沒有這個資料庫', en: 'no such database' },
  '42501': { zh: '這個使用者沒有權限', en: 'this user lacks the right' },
  '53100': { zh: '資料庫的磁碟已滿', en: 'its disk is full' },
  '53300': { zh: '連線數已滿', en: 'too many connections' },
};

/** The one place that puts a database's errors into words; null for any other error. */
export function ledgerFailure(error: unknown): PublicError | null {
  const { code } = error as { code?: unknown };
  const cause = typeof code === 'string' ? CAUSES[code] : undefined;
  if (!cause) return null;
  return new PublicError(
    {
      sentence: `PostgreSQL 不能使用：${cause.zh}（${String(code)}）。`,
      remedy: '請檢查 .env 的 DATABASE_URL 與資料庫伺服器。',
      english: `PostgreSQL cannot be used (${cause.en}); check DATABASE_URL and the server.`,
    },
    { cause: error },
  );
}
