import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { drive } from 'googleapis/build/src/apis/drive/index.js';
import type { forms_v1 } from 'googleapis/build/src/apis/forms/v1.js';
import { forms } from 'googleapis/build/src/apis/forms/index.js';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { auth as authLibrary, sheets } from 'googleapis/build/src/apis/sheets/index.js';
import { type Bucket, type Budget, bucketOf } from './budget.ts';
import { type RetryPolicy, withRetry } from './retry.ts';

/** The office account's own consent, as `authorized_user` files hold it. */
export interface GoogleCredential {
  client_id: string;
  client_secret: string;
  refresh_token: string;
}

export interface GoogleOptions {
  /** Address of another host that speaks Google's APIs (the emulator); Google itself where it is absent. */
  rootUrl?: string;
  credential: GoogleCredential;
  retry?: Partial<RetryPolicy>;
  /** Requests to spreadsheets that we allow ourselves a minute; without it there is no limit of ours. */
  budget?: Budget;
}

/** A request that gets no answer within this time has failed. */
const TIMEOUT_MS = 60_000;

/** Google's three APIs with our back-off round every call, and a count of the calls made. */
export interface Google {
  sheets: sheets_v4.Sheets;
  drive: drive_v3.Drive;
  forms: forms_v1.Forms;
  /**
   * Runs one request with back-off. `unsafe` requests (their repetition would do a thing twice) are not repeated
   * after an unknown outcome: the caller reads back and reconciles.
   */
  call<T>(name: string, request: () => Promise<{ data: T }>, options?: { unsafe?: boolean }): Promise<T>;
  calls(): number;
  /** How many requests of a kind the minute still has room for. */
  left(bucket: Bucket): number;
}

export function connectGoogle(options: GoogleOptions): Google {
  const common = clientOptions(options);
  let calls = 0;
  return {
    sheets: sheets({ version: 'v4', ...common }),
    drive: drive({ version: 'v3', ...common }),
    forms: forms({ version: 'v1', ...common }),
    async call(name, request, { unsafe = false } = {}) {
      const bucket = bucketOf(name);
      return withRetry(
        name,
        async () => {
          calls += 1;
          if (bucket) options.budget?.spend(bucket);
          return (await request()).data;
        },
        { unsafe, ...options.retry },
      );
    },
    calls: () => calls,
    left: (bucket) => options.budget?.left(bucket) ?? Number.POSITIVE_INFINITY,
  };
}

/** What every client of one of Google's APIs is made with. */
export function clientOptions(options: Pick<GoogleOptions, 'credential' | 'rootUrl'>) {
  return {
    auth: createAuth(options),
    // The client's own retries know neither Retry-After nor POST; ours replace them.
    retry: false,
    timeout: TIMEOUT_MS,
    ...(options.rootUrl ? { rootUrl: slash(options.rootUrl) } : {}),
  };
}

/** Asks for the office account's consent at Google's own addresses, or at those of the host that stands for Google. */
export function consentClient(
  client: { client_id: string; client_secret: string },
  { rootUrl, redirectUri }: { rootUrl?: string; redirectUri?: string },
) {
  const at = (path: string) => new URL(path, rootUrl).href;
  return new authLibrary.OAuth2({
    clientId: client.client_id,
    clientSecret: client.client_secret,
    ...(redirectUri ? { redirectUri } : {}),
    ...(rootUrl
      ? { endpoints: { oauth2AuthBaseUrl: at('/o/oauth2/v2/auth'), oauth2TokenUrl: at('/token') } }
      : {}),
  });
}

function createAuth({ credential, rootUrl }: Pick<GoogleOptions, 'credential' | 'rootUrl'>) {
  const client = consentClient(credential, rootUrl ? { rootUrl } : {});
  client.setCredentials({ refresh_token: credential.refresh_token });
  return client;
}

function slash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
