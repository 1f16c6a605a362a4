import { writeEdits, writeIntake } from './intake.ts';
import { LONGEST_PROBLEM, MOST_PROBLEMS, SWEEP_PING } from '../../contract/ping-shape.ts';
import { eraseResponses } from './erase.ts';
import { ping } from './ping.ts';
import { restoreForms } from './form-settings.ts';
import { openForm } from './open-form.ts';
import { type Offer, offerResponse } from './response.ts';
import { readSettings, type Settings } from './settings.ts';
import { restoreTriggers } from './triggers.ts';

/** A sweep goes back this far before the last one, since a trigger may come late. */
const OVERLAP_MS = 24 * 3600_000;
/** Google ends a run after six minutes. */
const BUDGET_MS = 4 * 60_000;
const SWEPT_AT = 'SWEPT_AT';
/** Once a day a sweep reads everything, since somebody may have deleted rows that nobody had read. */
const WHOLE_MS = 24 * 3600_000;
const SWEPT_WHOLE_AT = 'SWEPT_WHOLE_AT';
/** Once a day each response is compared with its row, since an edit need not move the time that Google tells. */
const COMPARED_AT = 'COMPARED_AT';
/** When each of them could be compared. */
const ALL_COMPARED_AT = 'ALL_COMPARED_AT';
/** How many were compared, where one run was too short for all. */
const COMPARED = 'COMPARED';
/** What failed in the last sweep, as JSON. */
const TROUBLES = 'TROUBLES';

/** A teacher sent or edited a response. A trigger that carries none is answered by a sweep. */
export function onFormSubmit(event?: GoogleAppsScript.Events.FormsOnFormSubmit): void {
  const settings = readSettings();
  const form = event?.source && settings.forms[event.source.getId()];
  if (!event?.response || !form) {
    sweep();
    return;
  }
  const { written, failures } = writeIntake(settings, [
    offerResponse(form, event.source, event.response, {
      source: 'trigger',
      sentSince: new Date().toISOString(),
    }),
  ]);
  // Google mails a failed run to the account that owns the triggers.
  if (failures.length > 0) throw new Error(failures.join('; '));
  if (written === 0) return;
  try {
    ping(settings, form.key);
  } catch (error) {
    // The row stands in the intake: losing the ping costs a minute, and the sweep is loud about it.
    console.warn(`ping failed: ${String(error)}`);
  }
}

/**
 * Runs by the clock: finds the responses that no trigger reported, puts triggers and forms' settings back, tells the service that
 * the triggers are alive and what could not be mended, and deletes what is to be erased. One that fails holds up none
 * of the others.
 * @throws Error that names every failure: Google mails a failed run to the account that owns the triggers
 */
export function sweep(): void {
  const settings = readSettings();
  const failures: string[] = [];
  const attempt = (what: string, work: () => string[]) => {
    try {
      failures.push(...work());
    } catch (error) {
      failures.push(`${what}：${String(error)}`);
    }
  };
  attempt('收件', () => takeIn(settings));
  attempt('觸發器', () => restoreTriggers(settings));
  const forms = restoreForms(settings);
  failures.push(...forms.failures);
  attempt('通知服務', () => {
    ping(settings, SWEEP_PING, { problems: lastingTroubles(failures), forms: forms.inOrder });
    return [];
  });
  attempt('個人資料刪除', () => eraseResponses(settings));
  if (failures.length > 0) throw new Error(failures.join('; '));
}

/** What failed in the last sweep too: Google fails now and then, and the office need not hear of what passes by itself. */
function lastingTroubles(failures: readonly string[]): string[] {
  const properties = PropertiesService.getScriptProperties();
  const before = JSON.parse(properties.getProperty(TROUBLES) ?? '[]') as string[];
  const told = failures.slice(0, MOST_PROBLEMS).map((failure) => failure.slice(0, LONGEST_PROBLEM));
  properties.setProperty(TROUBLES, JSON.stringify(told));
  return told.filter((failure) => before.indexOf(failure) >= 0);
}

/** Writes what the intake tab lacks. @returns why some could not be written */
function takeIn(settings: Settings): string[] {
  const properties = PropertiesService.getScriptProperties();
  const at = (name: string) => Number(properties.getProperty(name) ?? 0);
  const began = Date.now();
  const isDue = (name: string) => began - at(name) >= WHOLE_MS;
  // A form in the trash keeps the sweep's marks where they are: that must not make every sweep compare everything.
  const compares = isDue(COMPARED_AT);
  const whole = compares || isDue(SWEPT_WHOLE_AT);
  const since = whole ? 0 : at(SWEPT_AT) - OVERLAP_MS;
  // Where a trigger was lost nobody knows when an edit was sent; a deadline is not to pass by that.
  const sentSince = new Date(at(ALL_COMPARED_AT)).toISOString();
  const failures: string[] = [];
  const offers: Offer[] = [];
  for (const [formId, form] of Object.entries(settings.forms)) {
    try {
      const opened = openForm(formId);
      for (const response of responsesSince(opened, since)) {
        try {
          offers.push(offerResponse(form, opened, response, { source: 'sweep', sentSince }));
        } catch (error) {
          failures.push(`${form.key}: ${String(error)}`);
        }
      }
    } catch (error) {
      // A form in the trash must not keep the sweep from the other forms.
      failures.push(`${form.key}: ${String(error)}`);
    }
  }
  const isOver = () => Date.now() - began > BUDGET_MS;
  const result = writeIntake(settings, offers, isOver);
  failures.push(...result.failures);
  if (compares && result.left === 0) {
    const edits = writeEdits(settings, offers, at(COMPARED), isOver);
    failures.push(...edits.failures);
    properties.setProperty(COMPARED, String(edits.left > 0 ? offers.length - edits.left : 0));
    // One response that Google does not read out must not make every sweep compare everything: once the day's runtime
    // is spent, Google stops the triggers too.
    if (edits.left === 0) properties.setProperty(COMPARED_AT, String(began));
    if (edits.left === 0 && edits.failures.length === 0)
      properties.setProperty(ALL_COMPARED_AT, String(began));
  }
  if (whole && result.left === 0) properties.setProperty(SWEPT_WHOLE_AT, String(began));
  // Only a sweep that has written everything moves this mark, so that the next one goes back as far.
  if (failures.length === 0 && result.left === 0) properties.setProperty(SWEPT_AT, String(began));
  return failures;
}

function responsesSince(
  form: GoogleAppsScript.Forms.Form,
  since: number,
): GoogleAppsScript.Forms.FormResponse[] {
  return since > 0 ? form.getResponses(new Date(since)) : form.getResponses();
}

/**
 * Makes this project's triggers and sets up its forms. Run it as the account that owns the forms, and as no other: triggers run as whoever made
 * them, and two accounts would make each twice.
 * @returns why some steps failed, for whoever runs it by the API; the editor shows the log
 */
export function install(): string[] {
  const settings = readSettings();
  const failures = [...restoreTriggers(settings), ...restoreForms(settings).failures];
  for (const failure of failures) console.error(failure);
  console.log(
    failures.length === 0 ? '觸發器與表單設定都已就緒。' : `有 ${failures.length} 項沒有完成，sweep 會再試。`,
  );
  return failures;
}
