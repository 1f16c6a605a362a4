import type { ErasedResponse } from '../../contract/erasure-shape.ts';
import { addressOf, PATHS, type ScriptPath } from '../../contract/paths.ts';
import { PING_SIGNATURE_HEADER, type Ping } from '../../contract/ping-shape.ts';
import type { Settings } from './settings.ts';

/** What a sweep tells beside that it ran. */
type Report = Pick<Ping, 'problems' | 'forms'>;

/**
 * Asks the sync service to run a cycle. A lost ping costs only time, since the service also polls.
 * @throws Error where the service does not take it
 */
export function ping(settings: Settings, about: string, report: Report = {}): void {
  ask(settings, 'ping', about, report);
}

/** Responses to erase. @throws Error where the service does not answer */
export function fetchErasures(settings: Settings): ErasedResponse[] {
  return JSON.parse(ask(settings, 'erasures', 'erasures')) as ErasedResponse[];
}

/** Any answer but 200 is a failure: what a proxy says for the service must not be taken for "nothing to do". */
function ask(settings: Settings, path: ScriptPath, about: string, report: Report = {}): string {
  const message: Ping = {
    about,
    timestamp: Date.now(),
    nonce: Utilities.getUuid(),
    ...report,
  };
  const payload = JSON.stringify(message);
  const signature = Utilities.computeHmacSha256Signature(payload, settings.pingSecret)
    .map((byte) => (byte & 0xff).toString(16).padStart(2, '0'))
    .join('');
  const answer = UrlFetchApp.fetch(addressOf(settings.serviceUrl, path), {
    method: 'post',
    contentType: 'application/json',
    payload,
    headers: { [PING_SIGNATURE_HEADER]: signature },
    muteHttpExceptions: true,
    // A redirect would be followed as a GET and answered by another page.
    followRedirects: false,
  });
  const status = answer.getResponseCode();
  if (status !== 200)
    throw new Error(
      `${PATHS[path].path} 應回 200，卻回 ${status}。請在主機上執行 budeng doctor，並看代理伺服器是否放行這個路徑。`,
    );
  return answer.getContentText();
}
