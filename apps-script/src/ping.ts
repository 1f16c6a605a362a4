import { PING_SIGNATURE_HEADER, type Ping } from '../../contract/ping-shape.ts';
import type { Settings } from './settings.ts';

/** Says "look" to the sync service. A ping that fails costs time only: the service also looks by itself. */
export function ping(settings: Settings, about: string): void {
  const message: Ping = { about, timestamp: Date.now(), nonce: Utilities.getUuid() };
  const payload = JSON.stringify(message);
  const signature = Utilities.computeHmacSha256Signature(payload, settings.pingSecret)
    .map((byte) => (byte & 0xff).toString(16).padStart(2, '0'))
    .join('');
  try {
    UrlFetchApp.fetch(settings.pingUrl, {
      method: 'post',
      contentType: 'application/json',
      payload,
      headers: { [PING_SIGNATURE_HEADER]: signature },
      muteHttpExceptions: true,
    });
  } catch (error) {
    console.warn(`ping failed: ${String(error)}`);
  }
}
