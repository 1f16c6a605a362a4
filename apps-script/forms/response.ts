import { answersCell } from '../../contract/cell-text.ts';
import { digestOf, type IntakeRow } from '../../contract/intake-key.ts';
import type { Settings } from './settings.ts';

type Form = GoogleAppsScript.Forms.Form;
type FormResponse = GoogleAppsScript.Forms.FormResponse;
type Said = Pick<IntakeRow, 'email' | 'answers'>;

/** One response as it was listed or came with an event. */
export interface Offer extends Pick<IntakeRow, 'form' | 'responseId'> {
  /** Google's time of it, as an ISO instant. */
  at: string;
  source: 'trigger' | 'sweep';
  /** What is sent now and was not there at this instant was sent after it. */
  sentSince: string;
  /** The address and the answers as a cell keeps them. Asks Google for each answer: slow for thousands of responses. */
  said(): Said & { digest: string };
  /** Asks Google once more: the edit link is a request of its own. */
  editUrl(): string;
  /** The questions that the form asks now, by field key. */
  asked(): Record<string, true>;
  /** The same response as the form holds it at this moment. */
  again(): Offer;
}

/** @param form the form that the response was read from */
export function offerResponse(
  settings: Settings['forms'][string],
  form: Form,
  response: FormResponse,
  { source, sentSince }: Pick<Offer, 'source' | 'sentSince'>,
): Offer {
  const said = once(() => {
    const { email, answers } = readAnswers(settings, response);
    const kept = JSON.parse(answersCell(answers)) as IntakeRow['answers'];
    return { email, answers: kept, digest: digestOf({ email, answers: kept }, sha256) };
  });
  return {
    form: settings.key,
    responseId: response.getId(),
    at: response.getTimestamp().toISOString(),
    source,
    sentSince,
    said,
    editUrl: once(() => response.getEditResponseUrl()),
    asked: () => askedIn(settings, form),
    again: () => {
      const fresh = FormApp.openById(form.getId());
      return offerResponse(settings, fresh, fresh.getResponse(response.getId()), { source, sentSince });
    },
  };
}

function once<T>(work: () => T): () => T {
  let done: { value: T } | null = null;
  return () => (done ??= { value: work() }).value;
}

export function sha256(ascii: string): string {
  return Utilities.computeDigest(Utilities.DigestAlgorithm.SHA_256, ascii)
    .map((byte) => (byte & 255).toString(16).padStart(2, '0'))
    .join('');
}

function askedIn({ fields }: Settings['forms'][string], form: Form): Record<string, true> {
  const asked: Record<string, true> = {};
  for (const item of form.getItems()) asked[fieldKey(fields, item.getId(), item.getTitle())] = true;
  return asked;
}

/**
 * Answers by field key, raw. Once a day they are compared with what the tab holds: told otherwise by a later release they
 * would be an edit by every teacher.
 */
function readAnswers({ fields }: Settings['forms'][string], response: FormResponse): Said {
  const answers: Record<string, string> = {};
  for (const itemResponse of response.getItemResponses()) {
    const item = itemResponse.getItem();
    const key = fieldKey(fields, item.getId(), item.getTitle());
    answers[key] = answerText(itemResponse.getResponse(), item.getType());
  }
  return { email: response.getRespondentEmail(), answers };
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
