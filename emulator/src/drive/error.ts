import { ApiError } from '../errors.ts';

/** Where in the request the fault lies, as Drive says it. */
export type Place = { parameter: string } | { header: string };

/** Answers with Drive's own error body, which has a list of errors with their reasons and no `status`. */
export class DriveError extends ApiError {
  readonly reason: string;
  readonly place: Place | undefined;

  constructor(status: string, reason: string, message: string, place?: Place) {
    super(status, message);
    this.reason = reason;
    this.place = place;
  }

  override toJSON() {
    const [locationType, location] = Object.entries(this.place ?? {})[0] ?? [];
    return {
      error: {
        code: this.code,
        message: this.message,
        errors: [
          {
            message: this.message,
            domain: DOMAINS[this.reason] ?? 'global',
            reason: this.reason,
            ...(location ? { location, locationType } : {}),
          },
        ],
      },
    };
  }
}

/** Quotas have their own domain. */
const DOMAINS: Record<string, string> = {
  storageQuotaExceeded: 'usageLimits',
  userRateLimitExceeded: 'usageLimits',
  rateLimitExceeded: 'usageLimits',
};

export const fileNotFound = (id: string) =>
  new DriveError('NOT_FOUND', 'notFound', `File not found: ${id}.`, { parameter: 'fileId' });

export const invalidValue = (name: string, message = 'Invalid Value', reason = 'invalid') =>
  new DriveError('INVALID_ARGUMENT', reason, message, { parameter: name });

/** The reasons of errors that Google's front end gives before Drive sees the request. */
const REASONS: Record<string, string> = {
  PERMISSION_DENIED: 'forbidden',
  NOT_FOUND: 'notFound',
  RESOURCE_EXHAUSTED: 'rateLimitExceeded',
  UNIMPLEMENTED: 'notImplemented',
  INTERNAL: 'backendError',
};

const INVALID_CREDENTIALS = {
  domain: 'global',
  reason: 'authError',
  location: 'Authorization',
  locationType: 'header',
};

/** Adds to an error body of the newer kind the list that Drive's clients read. */
export function withReasons(body: unknown): unknown {
  const { error } = body as { error?: { message: string; status?: string; errors?: unknown } };
  if (!error || error.errors) return body;
  const { message, status = '' } = error;
  const entry =
    status === 'UNAUTHENTICATED'
      ? {
          ...INVALID_CREDENTIALS,
          message: /missing/u.test(message) ? 'Login Required.' : 'Invalid Credentials',
        }
      : { message, domain: 'global', reason: REASONS[status] ?? 'badRequest' };
  return { error: { ...error, errors: [entry] } };
}
