import { HISTORY_PATH, type HistoryEntry } from '../../contract/history-shape.ts';
import { PING_PATH, PING_SIGNATURE_HEADER, type Ping } from '../../contract/ping-shape.ts';
import { ERASURES_PATH, type ErasedResponse } from '../../contract/erasure-shape.ts';
import type { Settings } from './settings.ts';

/** Says "look" to the sync service. A ping that fails costs time only: the service also looks by itself. */
export function ping(settings: Settings, about: string): boolean {
  try {
    return post(settings, settings.pingUrl, about).getResponseCode() < 300;
  } catch (error) {
    console.warn(`ping failed: ${String(error)}`);
    return false;
  }
}

/** A case's history, for the sidebar; null where the service does not answer. */
export function fetchHistory(settings: Settings, caseNumber: string): HistoryEntry[] | null {
  try {
    const answer = post(settings, settings.pingUrl.replace(PING_PATH, HISTORY_PATH), caseNumber);
    return answer.getResponseCode() === 200 ? (JSON.parse(answer.getContentText()) as HistoryEntry[]) : null;
  } catch (error) {
    console.warn(`history failed: ${String(error)}`);
    return null;
  }
}

/** Responses to erase; null where the service does not answer. */
export function fetchErasures(settings: Settings): ErasedResponse[] | null {
  try {
    const answer = post(settings, settings.pingUrl.replace(PING_PATH, ERASURES_PATH), 'erasures');
    return answer.getResponseCode() === 200
      ? (JSON.parse(answer.getContentText()) as ErasedResponse[])
      : null;
  } catch (error) {
    console.warn(`erasures failed: ${String(error)}`);
    return null;
  }
}

function post(settings: Settings, url: string, about: string): GoogleAppsScript.URL_Fetch.HTTPResponse {
  const message: Ping = { about, timestamp: Date.now(), nonce: Utilities.getUuid() };
  const payload = JSON.stringify(message);
  const signature = Utilities.computeHmacSha256Signature(payload, settings.pingSecret)
    .map((byte) => (byte & 0xff).toString(16).padStart(2, '0'))
    .join('');
  return UrlFetchApp.fetch(url, {
    method: 'post',
    contentType: 'application/json',
    payload,
    headers: { [PING_SIGNATURE_HEADER]: signature },
    muteHttpExceptions: true,
  });
}
