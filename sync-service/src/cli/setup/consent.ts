import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { PublicError } from '../../../../contract/public-error.ts';
import { consentClient, type GoogleCredential } from '../../google/client.ts';
import { redeemCode, SCOPES, tryConsent } from '../../google/consent.ts';
import { classify, GoogleError } from '../../google/error.ts';
import { reasonOf } from '../output/failure.ts';
import { googleHost, readCredential } from './environment.ts';
import type { Terminal } from './terminal.ts';

/** Where the consent is kept. */
export const credentialFile = () => process.env.GOOGLE_CREDENTIALS ?? 'google-credential.json';
/** Where Google's answer arrives. It is fixed, so that an SSH tunnel can lead there from another machine. */
const ANSWER_PORT = 8095;
const answerPort = () => Number(process.env.OAUTH_PORT) || ANSWER_PORT;

type OAuthClient = Pick<GoogleCredential, 'client_id' | 'client_secret'>;

/** A consent of the office account that holds: the one that is there, renewed where it has ended, or a new one. */
export async function ensureCredential(terminal: Terminal): Promise<void> {
  const file = credentialFile();
  process.env.GOOGLE_CREDENTIALS = file;
  const known = existsSync(file) ? readCredential() : null;
  if (known && (await holds(terminal, known))) return;
  terminal.say(
    '\n一、Google 憑證。請在 Google Cloud 建立「電腦版應用程式」OAuth 用戶端，啟用 Sheets、Drive、Forms、Apps Script API，下載 JSON。',
  );
  const credential = await consent(terminal, known ?? (await askClient(terminal)));
  writeFileSync(file, JSON.stringify({ type: 'authorized_user', ...credential }), { mode: 0o600 });
}

/** Whether a consent still holds and lacks nothing. Says why where it does not. */
async function holds(terminal: Terminal, credential: GoogleCredential): Promise<boolean> {
  try {
    const { emptyBoxes } = await tryConsent({ credential, ...googleHost() });
    if (emptyBoxes.length === 0) return true;
    terminal.say(emptySentence(emptyBoxes));
  } catch (error) {
    if (!(error instanceof GoogleError) || error.kind !== 'consent') throw error;
    terminal.say(`　${error.sentence}以下重新取得同意。`);
  }
  return false;
}

function emptySentence(boxes: readonly string[]): string {
  return `　同意畫面上有 ${boxes.length} 項沒有勾選：${boxes.map((box) => `「${box}」`).join('、')}。請再同意一次，勾選每一項。`;
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

/** Asks until every box is ticked. */
async function consent(terminal: Terminal, client: OAuthClient): Promise<GoogleCredential> {
  for (;;) {
    const { credential, emptyBoxes } = await askOnce(terminal, client);
    if (!credential)
      throw new PublicError({
        sentence: 'Google 沒有給更新權杖。',
        remedy: '請到 https://myaccount.google.com/connections 移除本程式後重跑。',
        english:
          "Google gave no refresh token; remove this app from the account's third-party access and run set-up again.",
      });
    if (emptyBoxes.length === 0) return credential;
    terminal.say(emptySentence(emptyBoxes));
  }
}

/**
 * Asks by OAuth with a loopback address: Google sends the code to this machine, or a person pastes what the browser was
 * sent to.
 */
async function askOnce(terminal: Terminal, client: OAuthClient) {
  const state = randomBytes(16).toString('hex');
  const redirectUri = `http://127.0.0.1:${answerPort()}`;
  const url = consentClient(client, { ...googleHost(), redirectUri }).generateAuthUrl({
    access_type: 'offline',
    prompt: 'consent',
    scope: [...SCOPES],
    state,
  });
  // Before the address is shown: whoever opens it at once must find somebody who listens.
  const arrived = await awaitAnswer(state);
  terminal.say(`請用辦公室的 Google 帳號，在瀏覽器開啟下列網址並同意：

${url}

・每一項都要勾選。
・出現「Google 尚未驗證這個應用程式」時，按「進階」，再按「前往…（不安全）」：那是您自己剛建立的用戶端。
・瀏覽器在別的電腦上時，同意後的畫面會連不上（127.0.0.1）。請把那一頁的整行網址複製貼到這裡。`);
  try {
    for (;;) {
      const answer = await terminal.ask('等候同意，或貼上網址', arrived.answer);
      const query = URL.parse(answer)?.searchParams;
      if (query?.get('state') === state)
        return await redeemCode(client, { ...googleHost(), redirectUri, code: codeIn(query) });
      terminal.say('　這不是同意之後的網址：應以 http://127.0.0.1 開頭，含有 code=。請再貼一次。');
    }
  } finally {
    arrived.server?.close();
  }
}

/** @throws PublicError where Google or the person refused */
function codeIn(query: URLSearchParams): string {
  const code = query.get('code');
  if (code) return code;
  const error = query.get('error') ?? '';
  if (error === '' || error === 'access_denied')
    throw new PublicError({
      sentence: 'Google 沒有同意。',
      remedy:
        '請重跑 budeng setup，並在 Google 的畫面按「允許」；同意畫面在「測試」狀態時，先把辦公室的帳號加入測試使用者。',
      english: 'Consent was refused; run budeng setup again, and add the office account to the test users.',
    });
  throw new GoogleError('oauth.consent', classify({ response: { status: 400, data: { error } } }), null);
}

/** The address that the browser is sent to, as soon as it arrives here. Without the port a person can still paste it. */
async function awaitAnswer(state: string): Promise<{ answer: Promise<string>; server: Server | null }> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    response.setHeader('content-type', 'text/plain; charset=utf-8').setHeader('connection', 'close');
    // Browsers ask for an icon too; only the answer to our own question counts.
    if (url.searchParams.get('state') !== state) return void response.writeHead(404).end();
    response.end('可以關閉這個視窗，回到終端機。');
    resolve(url.href);
  });
  const listening = await new Promise<boolean>((done) => {
    server.once('error', () => done(false)).listen(answerPort(), '127.0.0.1', () => done(true));
  });
  return { answer: promise, server: listening ? server : null };
}
