import { PublicError } from '../../../contract/public-error.ts';
import { REASONS, type Refusal, type RefusalKind, REFUSALS, SENTENCES, STATUSES } from './refusals.ts';

export interface GaxiosLike {
  status?: number;
  code?: string | number;
  message?: string;
  response?: { status?: number; headers?: Headers | Record<string, string>; data?: unknown };
}

export interface GoogleFailure {
  kind: RefusalKind;
  status: number;
  reason: string;
  /** A limit was met. Asking again later helps, and the request was not carried out. */
  limited: boolean;
  /** No answer, or one of a server in trouble: the request may have been carried out. */
  down: boolean;
  /** Google's own sentence. It may quote a cell: not for logs. */
  detail: string;
}

/** Reads the body of an API's error. That of the token endpoint has the reason where the others have an object. */
interface ErrorBody {
  error?:
    | string
    | {
        message?: string;
        status?: string;
        errors?: { reason?: string }[];
        details?: { reason?: string }[];
      };
  error_description?: string;
}

/** What Google's errors mean for us, in this one place. */
export function classify(error: unknown): GoogleFailure {
  const e = error as GaxiosLike;
  const status = e.response?.status ?? (typeof e.status === 'number' ? e.status : 0);
  const { error: said, error_description: description = '' } = (e.response?.data ?? {}) as ErrorBody;
  const [reasons, detail] =
    typeof said === 'string'
      ? [[said], description]
      : [
          [
            ...(said?.errors ?? []).map(({ reason }) => reason),
            ...(said?.details ?? []).map(({ reason }) => reason),
            said?.status,
          ],
          said?.message ?? '',
        ];
  const named = reasons.filter((each) => each !== undefined);
  const reason = named.find((each) => each in REASONS) ?? named[0] ?? e.message ?? String(e.code ?? '');
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
}: Pick<GoogleFailure, 'status' | 'reason' | 'detail' | 'down'>): RefusalKind {
  const [, , byItsSentence] = SENTENCES.find(([of, part]) => of === status && detail.includes(part)) ?? [];
  return byItsSentence ?? REASONS[reason] ?? STATUSES[status] ?? (down ? 'away' : 'refused');
}

/**
 * Google's own sentence without what it quotes. Google writes in English: whatever is not, or stands in quotation marks,
 * or is an address or a number, was typed by somebody.
 */
function withoutQuotes(detail: string): string {
  return detail
    .slice(0, 600)
    .replaceAll(/"[^"]*"|‘[^’]*’/gu, '"…"')
    .replaceAll(/\P{ASCII}+/gu, '…')
    .replaceAll(/[^\s<>"]+@[^\s<>"]+/gu, '…')
    .replaceAll(/\b[A-Za-z]{0,2}\d{6,}\b/gu, '…')
    .trim();
}

/** Links to the page where it is mended: the one that Google names, else the one that we know. */
function linkOf({ kind, detail }: GoogleFailure): string {
  const { link }: Refusal = REFUSALS[kind];
  if (!link) return '';
  const [named] = /https:\/\/(?:[\w-]+\.)*google\.com\/[\w./?=&%#:-]*[\w/]/u.exec(detail) ?? [];
  return named ?? link;
}

/** A request to Google that failed for good. `unknownOutcome`: it may have been carried out all the same. */
export class GoogleError extends PublicError {
  readonly kind: RefusalKind;
  readonly status: number;
  readonly reason: string;
  readonly unknownOutcome: boolean;
  /** Google's own sentence. It may quote a cell: not for logs. */
  readonly detail: string;
  /** Call, status and reason: nothing that a person typed. */
  override readonly logMessage: string;
  constructor(call: string, failure: GoogleFailure, cause: unknown) {
    const { kind, status, reason, down, detail } = failure;
    const { sentence, remedy, english } = REFUSALS[kind];
    const said = kind === 'refused' ? withoutQuotes(detail) : '';
    const link = linkOf(failure);
    super(
      {
        sentence: `${sentence}（${[call, status || '', reason].filter(Boolean).join(' ')}）${said ? `：${said}` : '。'}`,
        remedy: remedy + link,
        english: english + (link ? ` ${link}` : ''),
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
