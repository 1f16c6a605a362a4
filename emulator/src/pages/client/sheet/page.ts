import { find } from './elements.ts';

/** What every part of the sheet page shares: where it is, how it speaks to people and to the server. */
export const holder = find('#grid', HTMLElement);
const message = find('#message', HTMLElement);
const { spreadsheet, gid: gidText } = holder.dataset;
export const gid = Number(gidText);
export const base = `/pages/sheets/${spreadsheet}`;

export interface Answer {
  ok: boolean;
  /** The reason for people where it was refused. */
  message?: string;
  /** Rows have moved since the person saw them. */
  moved?: boolean;
  /** The tab that was made. */
  gid?: number;
}

/** Shows a sentence; a screen reader says it too. */
export function say(sentence: string, error = false): void {
  message.textContent = sentence;
  message.className = error ? 'error' : '';
}

export async function post(path: string, body: object): Promise<Answer> {
  say('儲存中…');
  try {
    const response = await fetch(`${base}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ gid, ...body }),
    });
    const answer: Omit<Answer, 'ok'> = await response.json();
    if (response.ok) say('已儲存');
    else say(answer.message ?? '沒有儲存，請再試一次。', true);
    return { ...answer, ok: response.ok };
  } catch {
    say('連不上系統，沒有儲存。請看看系統是否還在執行，再試一次。', true);
    return { ok: false };
  }
}

export function onClick(id: string, work: () => unknown): void {
  document.querySelector(`#${id}`)?.addEventListener('click', () => void work());
}
