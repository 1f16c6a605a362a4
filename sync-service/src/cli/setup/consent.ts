import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { consentClient, SCOPES, SETUP_SCOPES } from '../../google/client.ts';
import { reasonOf } from '../output/failure.ts';
import { googleHost } from './environment.ts';
import type { Terminal } from './terminal.ts';
import { PublicError } from '../../../../contract/public-error.ts';

export const CREDENTIAL_FILE = 'google-credential.json';

interface OAuthClient {
  client_id: string;
  client_secret: string;
}

/** The office account's consent through the browser, or a credential that is already there. */
export async function ensureCredential(terminal: Terminal): Promise<void> {
  if (process.env.GOOGLE_CREDENTIALS && existsSync(process.env.GOOGLE_CREDENTIALS)) return;
  terminal.say(
    '\n一、Google 憑證。請在 Google Cloud 建立「電腦版應用程式」OAuth 用戶端，啟用 Sheets、Drive、Forms、Apps Script API，下載 JSON。',
  );
  const client = await askClient(terminal);
  const refresh_token = await consent(terminal, client);
  const { client_id, client_secret } = client;
  writeFileSync(CREDENTIAL_FILE, JSON.stringify({ client_id, client_secret, refresh_token }), {
    mode: 0o600,
  });
  process.env.GOOGLE_CREDENTIALS = CREDENTIAL_FILE;
}

async function askClient(terminal: Terminal): Promise<OAuthClient> {
  for (;;) {
    const file = await terminal.ask('OAuth 用戶端 JSON 的路徑');
    try {
      const { installed } = JSON.parse(readFileSync(file, 'utf8')) as { installed?: OAuthClient };
      if (!installed?.client_id || !installed.client_secret)
        throw new PublicError({
          sentence: '沒有 installed.client_id。',
          remedy: '請下載「電腦版應用程式」的 JSON。',
          english: 'It lacks installed.client_id; download the JSON of a desktop app.',
        });
      return installed;
    } catch (error) {
      const why = error instanceof PublicError ? error.message : `${reasonOf(error).zh}。`;
      terminal.say(`　這個檔案不是電腦版 OAuth 用戶端：${why}請再填一次。`);
    }
  }
}

/** OAuth with a loopback address: Google sends the code to this machine. */
async function consent(terminal: Terminal, client: OAuthClient): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  const redirectUri = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const oauth = consentClient(client, { ...googleHost(), redirectUri });
  const state = randomBytes(16).toString('hex');
  const scope = [...SCOPES, ...SETUP_SCOPES];
  const url = oauth.generateAuthUrl({ access_type: 'offline', prompt: 'consent', scope, state });
  terminal.say(`請用辦公室的 Google 帳號，在這台電腦的瀏覽器開啟下列網址並同意：\n\n${url}\n`);
  const code = await new Promise<string>((resolve, reject) => {
    server.on('request', (request, response) => {
      const query = new URL(request.url ?? '/', redirectUri).searchParams;
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      // Browsers ask for an icon too; only the answer to our own question counts.
      if (query.get('state') !== state) return void response.writeHead(404).end();
      response.end('可以關閉這個視窗，回到終端機。');
      const given = query.get('code');
      if (given) resolve(given);
      else
        reject(
          new PublicError({
            sentence: 'Google 沒有同意。',
            remedy: '請重跑 budeng setup，並在 Google 的畫面按「允許」。',
            english: 'Consent was refused; run budeng setup again.',
          }),
        );
    });
  }).finally(() => server.close());
  const { tokens } = await oauth.getToken(code);
  if (!tokens.refresh_token)
    throw new PublicError({
      sentence: 'Google 沒有給更新權杖。',
      remedy: '請到帳號的第三方存取頁移除本程式後重跑。',
      english:
        "Google gave no refresh token; remove this app from the account's third-party access and run set-up again.",
    });
  return tokens.refresh_token;
}
