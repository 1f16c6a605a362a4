import { keysIn } from '../../../../contract/records.ts';
import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../../../../contract/clock.ts';
import { addressOf, type PathKey, PATHS } from '../../../../contract/paths.ts';
import { PING_SIGNATURE_HEADER, type Ping } from '../../../../contract/ping-shape.ts';
import { PublicError } from '../../../../contract/public-error.ts';
import { pingSecretOf } from './script-projects.ts';

/** What is asked of a path, and which answer is the service's own and not one that a proxy gives for it. */
interface Question {
  rest?: string;
  status: number;
  header?: [name: string, value: string];
}

type PublicPath = { [K in PathKey]: (typeof PATHS)[K]['public'] extends true ? K : never }[PathKey];

const QUESTIONS: Record<PublicPath, Question> = {
  // No case has this link, and the service's own page says so.
  tracking: { rest: 'doctor', status: 404, header: ['x-robots-tag', 'noindex'] },
  style: { status: 200, header: ['content-type', 'text/css'] },
  // Signs the question as the script does.
  ping: { status: 200 },
  erasures: { status: 200 },
  preview: { rest: 'acknowledgement', status: 200 },
  health: { status: 200 },
};
export const PUBLIC_PATHS = keysIn(QUESTIONS);

const TIMEOUT_MS = 10_000;

/**
 * Asks for one public path as teachers and Apps Script do.
 * @throws PublicError that says what keeps it from arriving
 */
export async function askPath(
  publicUrl: string,
  key: PublicPath,
  { secret, clock }: { secret: string; clock: Clock },
): Promise<void> {
  const { rest = '', status, header } = QUESTIONS[key];
  const url = addressOf(publicUrl, key, rest);
  let answer: Response;
  try {
    answer = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(PATHS[key].method === 'POST' ? signed(pingSecretOf(secret), clock.now()) : {}),
    });
    await answer.arrayBuffer();
  } catch (error) {
    throw new PublicError(
      {
        sentence: `連不上 ${url}。`,
        remedy:
          '請確認服務與代理伺服器都在執行、網址與憑證正確。若從外面連得到，可能是這台機器無法繞回自己的公開網址。',
        english: `${url} cannot be reached from here.`,
      },
      { cause: error },
    );
  }
  const own = header === undefined || (answer.headers.get(header[0]) ?? '').includes(header[1]);
  if (answer.status === status && own) return;
  throw new PublicError({
    sentence: `${url} 回 ${answer.status}，不是服務本身的回答。`,
    remedy:
      answer.status === 401
        ? '簽章不符：請確認網址後面是這個服務、BUDENG_SECRET 相同，且兩邊的時鐘正確。'
        : `請讓代理伺服器把 ${PATHS[key].path} 交給服務（docs/operator.md 有完整的設定檔）。`,
    english: `${url} answers ${answer.status}: the proxy does not pass this path on.`,
  });
}

function signed(secret: string, now: Date): RequestInit {
  const message: Ping = { about: 'doctor', timestamp: now.getTime(), nonce: randomUUID() };
  const body = JSON.stringify(message);
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', [PING_SIGNATURE_HEADER]: signature },
  };
}
