import { intakeKey, type IntakeRow } from '../../contract/intake-key.ts';
import type { Settings } from './settings.ts';

type FormResponse = GoogleAppsScript.Forms.FormResponse;

/** One revision of one response: what it is called, and, where that is needed, everything in it. */
export interface Offer extends Pick<IntakeRow, 'key' | 'form' | 'responseId' | 'revision' | 'receivedAt'> {
  /** Asks Google for the edit link and each answer: slow, for thousands of responses too slow. */
  describe(): IntakeRow;
}

export function offerResponse(
  form: Settings['forms'][string],
  response: FormResponse,
  source: 'trigger' | 'sweep',
): Offer {
  const at = response.getTimestamp().toISOString();
  const responseId = response.getId();
  const identity = {
    key: intakeKey(form.key, responseId, at),
    form: form.key,
    responseId,
    revision: at,
    receivedAt: at,
  };
  return { ...identity, describe: () => ({ ...identity, ...describeResponse(form, response), source }) };
}

/** Answers by field key, raw. */
function describeResponse(
  form: Settings['forms'][string],
  response: FormResponse,
): Pick<IntakeRow, 'email' | 'answers' | 'editUrl'> {
  const answers: Record<string, string> = {};
  for (const itemResponse of response.getItemResponses()) {
    const item = itemResponse.getItem();
    const key = fieldKey(form.fields, item.getId(), item.getTitle());
    answers[key] = answerText(itemResponse.getResponse(), item.getType());
  }
  return {
    email: response.getRespondentEmail(),
    answers,
    editUrl: response.getEditResponseUrl(),
  };
}

/** The API names an item in hex, Apps Script by the same number in decimal. A form rebuilt by hand is read by title. */
function fieldKey(fields: Record<string, string>, id: number, title: string): string {
  const hex = id.toString(16);
  return fields[hex.padStart(8, '0')] ?? fields[hex] ?? fields[title] ?? title;
}

function answerText(answer: string | string[] | string[][], type: GoogleAppsScript.Forms.ItemType): string {
  if (!Array.isArray(answer)) return answer;
  const parts = answer.map((part) => (Array.isArray(part) ? part.join('、') : part));
  if (type === FormApp.ItemType.FILE_UPLOAD)
    return parts.map((id) => `https://drive.google.com/open?id=${id}`).join(' ');
  return parts.join(', ');
}
