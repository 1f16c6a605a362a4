import { intakeKey, type IntakeRow } from '../../contract/intake-key.ts';
import type { Settings } from './settings.ts';

type FormResponse = GoogleAppsScript.Forms.FormResponse;

/** One response in the shape of an intake row: answers by field key, raw. */
export function describeResponse(
  form: Settings['forms'][string],
  response: FormResponse,
  source: 'trigger' | 'sweep',
): IntakeRow {
  const receivedAt = response.getTimestamp().toISOString();
  const answers: Record<string, string> = {};
  for (const itemResponse of response.getItemResponses()) {
    const item = itemResponse.getItem();
    const key = fieldKey(form.fields, item.getId(), item.getTitle());
    answers[key] = answerText(itemResponse.getResponse(), item.getType());
  }
  return {
    key: intakeKey(form.key, response.getId(), receivedAt),
    form: form.key,
    responseId: response.getId(),
    revision: receivedAt,
    receivedAt,
    email: response.getRespondentEmail(),
    answers,
    editUrl: response.getEditResponseUrl(),
    source,
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
