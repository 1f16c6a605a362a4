import { STATES, TRIGGERS } from '../cases/lifecycle.ts';
import type { Program, ProgramForm } from '../cases/program-rules.ts';
import { formatRocDateTime } from '../cases/calendar/roc.ts';
import type { Event } from '../ledger/repositories/events.ts';
import type { Case } from '../ledger/schema.ts';
import { quoted, squeeze } from '../cases/reading/text.ts';

const ACTORS: Record<string, string> = {
  teacher: '教師',
  service: '系統',
  reviewer: '審核者',
  administrator: '承辦人',
};

/** Names under which the ledger notes what no person did: whoever reviews may not bear one. */
const RESERVED_NAMES: readonly string[] = ['service', 'system', 'teacher', '系統', '教師'];

/** Why a person cannot sign so, as a sentence; null where they can. */
export function reservedName(typed: string): string | null {
  return RESERVED_NAMES.includes(squeeze(typed).toLowerCase())
    ? `${quoted(typed)}是系統記錄用的名稱，不能當作姓名，未採用。請填您的姓名。`
    : null;
}

/**
 * A reason may have several lines; in a list of lines it has one. It goes line by line, since one expression takes
 * seconds in every cycle where somebody typed 50,000 blanks.
 */
function inOneLine(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter(Boolean).join('；');
}

/** Tells everything that happened to a case, in a line each. */
export function historyText(events: readonly Event[]): string {
  return events
    .map((event) => {
      const actor = ACTORS[event.actor] ?? event.actor;
      const what = `${formatRocDateTime(event.at)}　${TRIGGERS[event.trigger]}（${STATES[event.to_state]}）　${actor}`;
      return event.reason ? `${what}：${inOneLine(event.reason)}` : what;
    })
    .join('\n');
}

/** Leaves out what no review needs: where the teacher is written to, that consent was given, and the identity number. */
export function isForReview({ key, type }: Pick<ProgramForm['fields'][number], 'key' | 'type'>): boolean {
  return type !== 'email' && type !== 'consent' && key !== 'id-number';
}

/** What the teacher answered, a line a question, as the form asked it. */
export function answersText(
  { forms }: Pick<Program, 'forms'>,
  found: Pick<Case, 'form' | 'answers'>,
): string {
  const fields = forms.find(({ key }) => key === found.form)?.fields ?? [];
  return fields
    .filter(isForReview)
    .flatMap(({ key, title }) => {
      const answer = inOneLine(found.answers[key] ?? '');
      return answer === '' ? [] : [`${title}：${answer}`];
    })
    .join('\n');
}
