import { PublicError } from '../../../contract/public-error.ts';

/** What a failure means for the office, with what to do about it. */
const KINDS = {
  away: {
    sentence: 'Google 沒有回應',
    remedy: '請確認網路連線，稍後再試。',
    english: 'Google does not answer; check the network and try again later.',
  },
  busy: {
    sentence: '用量已達 Google 的上限',
    remedy: '請一分鐘後再試。',
    english: "Google's quota is used up for now; try again in a minute.",
  },
  consent: {
    sentence: 'Google 憑證已失效或被撤銷',
    remedy: '請重跑 budeng setup，重新同意。',
    english: 'The consent has ended or was taken back; run budeng setup again.',
  },
  'switched-off': {
    sentence: 'Google 帳號或專案還沒有啟用這個 API',
    remedy: '請依 Google 的說明啟用，幾分鐘後再試。',
    english: 'This API is not switched on for the account or project; switch it on as Google says.',
  },
  full: {
    sentence: '雲端硬碟空間不足',
    remedy: '請清出空間；服務帳戶沒有自己的空間，文件須由辦公室帳號擁有。',
    english: 'Drive is full; a service account owns no storage at all.',
  },
  forbidden: {
    sentence: '這個帳號沒有權限',
    remedy: '請確認檔案仍與這個帳號共用，權限為編輯者。',
    english: 'The account lacks the right; share the file with it as an editor.',
  },
  missing: {
    sentence: 'Google 找不到這個檔案',
    remedy: '請看是否在垃圾桶，或不再與這個帳號共用；已永久刪除時重跑 budeng setup 另建。',
    english: 'Google knows no such file; look into the trash, or run budeng setup to make it anew.',
  },
  'missing-tab': {
    sentence: '試算表裡少了一張工作表',
    remedy: '請用版本記錄還原；服務會自行補上缺少的工作表。',
    english: 'A tab is missing; the service makes it anew.',
  },
  refused: {
    sentence: 'Google 拒絕了這個要求',
    remedy: '請把這一行交給維護人員。',
    english: 'Google refused the request; hand this line to whoever maintains the software.',
  },
} as const;
export type GoogleKind = keyof typeof KINDS;

/** Reasons that Google gives by name, whatever the status. */
const REASONS: Record<string, GoogleKind> = {
  userRateLimitExceeded: 'busy',
  rateLimitExceeded: 'busy',
  invalid_grant: 'consent',
  accessNotConfigured: 'switched-off',
  SERVICE_DISABLED: 'switched-off',
  storageQuotaExceeded: 'full',
  notFound: 'missing',
};
const STATUSES: Record<number, GoogleKind> = {
  401: 'consent',
  403: 'forbidden',
  404: 'missing',
  429: 'busy',
};

export interface GaxiosLike {
  status?: number;
  code?: string | number;
  message?: string;
  response?: { status?: number; headers?: Headers | Record<string, string>; data?: unknown };
}

export interface GoogleFailure {
  kind: GoogleKind;
  status: number;
  reason: string;
  /** A limit was met. Asking again later helps, and the request was not carried out. */
  limited: boolean;
  /** No answer, or one of a server in trouble: the request may have been carried out. */
  down: boolean;
  /** Google's own sentence. It may quote a cell: not for logs. */
  detail: string;
}

/** What Google's errors mean for us, in this one place. */
export function classify(error: unknown): GoogleFailure {
  const e = error as GaxiosLike;
  const status = e.response?.status ?? (typeof e.status === 'number' ? e.status : 0);
  const body = e.response?.data as
    | { error?: { message?: string; status?: string; errors?: { reason?: string }[] } }
    | undefined;
  const reason = body?.error?.errors?.[0]?.reason ?? body?.error?.status ?? e.message ?? String(e.code ?? '');
  const detail = body?.error?.message ?? '';
  // 403 is a rate limit only by these reasons; storage and permission errors stay errors however often asked.
  const limited = status === 429 || (status === 403 && REASONS[reason] === 'busy');
  const down = (status === 0 || status === 408 || status >= 500) && status !== 501;
  return { kind: kindOf({ status, reason, detail, down }), status, reason, limited, down, detail };
}

function kindOf({
  status,
  reason,
  detail,
  down,
}: Pick<GoogleFailure, 'status' | 'reason' | 'detail' | 'down'>): GoogleKind {
  // Google names these two by their sentences only.
  if (status === 400 && detail.includes('No grid with id')) return 'missing-tab';
  if (status === 403 && detail.includes('has not enabled')) return 'switched-off';
  return REASONS[reason] ?? STATUSES[status] ?? (down ? 'away' : 'refused');
}

/** A request to Google that failed for good. `unknownOutcome`: it may have been carried out all the same. */
export class GoogleError extends PublicError {
  readonly kind: GoogleKind;
  readonly status: number;
  readonly reason: string;
  readonly unknownOutcome: boolean;
  /** Google's own sentence. It may quote a cell: not for logs. */
  readonly detail: string;
  /** Call, status and reason: nothing that a person typed. */
  override readonly logMessage: string;
  constructor(call: string, { kind, status, reason, down, detail }: GoogleFailure, cause: unknown) {
    const { sentence, remedy, english } = KINDS[kind];
    // It holds the link to click, and nothing that a person typed.
    const link = kind === 'switched-off' ? detail : '';
    super(
      {
        sentence: `${sentence}（${[call, status || '', reason].filter(Boolean).join(' ')}）。`,
        remedy: remedy + link,
        english,
      },
      { cause },
    );
    this.kind = kind;
    this.status = status;
    this.reason = reason;
    this.unknownOutcome = down;
    this.detail = detail;
    this.logMessage = `Google ${call}: ${status || 'no answer'} ${reason}`;
  }
}
