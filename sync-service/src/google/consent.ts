import { clientOptions, consentClient, type GoogleCredential, type GoogleOptions } from './client.ts';
import { withRetry } from './retry.ts';

const ROOT = 'https://www.googleapis.com/auth/';

/** One box of Google's consent screen. */
interface Box {
  scope: string;
  /** What Google's screen says beside the box; zh-TW. */
  label: string;
  /** Scopes that consents of earlier versions hold instead. */
  wider: readonly string[];
}

/**
 * What the service and set-up ask for: the files that they make themselves, and no others of the account. The Sheets,
 * Forms and Drive APIs all take `drive.file`; it is not a sensitive scope.
 */
const BOXES: readonly Box[] = [
  {
    scope: `${ROOT}drive.file`,
    label: '查看、編輯、建立及刪除您透過這個應用程式使用的 Google 雲端硬碟檔案',
    wider: [`${ROOT}drive`],
  },
  {
    scope: `${ROOT}script.projects`,
    label: '建立及更新 Google Apps Script 專案',
    wider: [],
  },
];

export const SCOPES: readonly string[] = BOXES.map(({ scope }) => scope);

/** The labels of the boxes that a consent left empty. `granted` is Google's own list, parted by blanks. */
function emptyBoxes(granted: string): string[] {
  const given = new Set(granted.split(/\s+/u));
  return BOXES.filter(({ scope, wider }) => ![scope, ...wider].some((each) => given.has(each))).map(
    ({ label }) => label,
  );
}

/**
 * Asks Google for a token by the consent, and which boxes it holds.
 * @throws GoogleError where the consent has ended or the client is gone
 */
export async function tryConsent(options: Pick<GoogleOptions, 'credential' | 'rootUrl' | 'retry'>) {
  const { auth } = clientOptions(options);
  const { credentials } = await withRetry(
    'oauth.token',
    () => auth.refreshAccessToken(),
    options.retry ?? {},
  );
  return { emptyBoxes: emptyBoxes(credentials.scope ?? '') };
}

/**
 * Redeems the code that Google's consent page gave.
 * @returns the credential to keep; null where Google gave no refresh token
 */
export async function redeemCode(
  client: Pick<GoogleCredential, 'client_id' | 'client_secret'>,
  options: { rootUrl?: string; redirectUri: string; code: string },
): Promise<{ credential: GoogleCredential | null; emptyBoxes: string[] }> {
  const { tokens } = await withRetry(
    'oauth.token',
    () => consentClient(client, options).getToken(options.code),
    { unsafe: true },
  );
  const { client_id, client_secret } = client;
  const { refresh_token } = tokens;
  return {
    credential: refresh_token ? { client_id, client_secret, refresh_token } : null,
    emptyBoxes: emptyBoxes(tokens.scope ?? ''),
  };
}
