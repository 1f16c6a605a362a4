import { windowState } from '../cases/calendar/window.ts';
import type { Program, ProgramForm } from '../cases/program-rules.ts';
import { GoogleError } from '../google/error.ts';
import { readValues, writeValue } from '../ledger/key-values.ts';
import { countCorrections } from '../ledger/repositories/statistics.ts';
import { admitResponders, setAccepting } from '../provisioning/form-doors.ts';
import type { Office } from '../provisioning/office.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { CycleContext } from './cycle-context.ts';
import { outageOf } from './documents.ts';
import { FAILURE_THRESHOLD } from './outages.ts';

/** Google is asked again after so long, since a person may have opened or closed the form by hand. */
const RECHECK_MS = 10 * 60_000;

const formRole = (key: string) => `form:${key}`;
/** What an outage of the Forms API as a whole is noted under. */
const FORMS_API = 'forms';
/** Everything that an outage of a form may be noted under. */
export const formRoles = ({ forms }: Pick<Program, 'forms'>): string[] => [
  FORMS_API,
  ...forms.map(({ key }) => formRole(key)),
];
const stateKey = (key: string) => `form-door/${key}`;

/**
 * Whether a form is to take responses: within its window, and as long as a teacher still has to correct an entry, since
 * a closed form opens no correction link. What comes in late meanwhile is told so.
 */
export async function isAccepting(
  { store, clock, program }: Pick<CycleContext, 'store' | 'clock' | 'program'>,
  { key, window }: ProgramForm,
): Promise<boolean> {
  if (!window || windowState(window, program.rounds, clock.now()) === 'open') return true;
  return (await countCorrections(store.db, key)) > 0;
}

interface Door {
  accepting: boolean;
  responders: string;
  /** When Google was asked last, as an ISO instant. */
  at: string;
}

/** Opens and closes each form as window, switch and responders say. A form that fails holds up no other. */
export async function keepFormDoors(
  context: CycleContext,
  office: Office,
  breaker: CircuitBreaker,
): Promise<void> {
  const { google, store, clock, program, log } = context;
  if (breaker.isOpen(FORMS_API)) return;
  const doors = await readValues(store.db, stateKey(''));
  for (const form of program.forms) {
    const role = formRole(form.key);
    const formId = office.forms[form.key]?.formId;
    if (!formId || breaker.isOpen(role)) continue;
    const accepting = await isAccepting(context, form);
    const stored = doors.get(stateKey(form.key));
    const known = stored === undefined ? null : (JSON.parse(stored) as Door);
    const isKnown = known?.accepting === accepting && known.responders === program.responders;
    const age = clock.now().getTime() - Date.parse(known?.at ?? '');
    if (isKnown && age >= 0 && age < RECHECK_MS) continue;
    try {
      await setAccepting(google, formId, accepting);
      await admitResponders(google, formId, program);
      await breaker.note(role, null, FAILURE_THRESHOLD);
      await breaker.note(FORMS_API, null, FAILURE_THRESHOLD);
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error;
      log.warn({ form: form.key, reason: error.reason, status: error.status }, 'form failed');
      // Google itself is away: the other forms are not asked for, or an outage would be asked for each of them.
      if (error.unknownOutcome) return breaker.note(FORMS_API, outageOf(error), FAILURE_THRESHOLD);
      await breaker.note(role, outageOf(error), FAILURE_THRESHOLD);
      continue;
    }
    const door: Door = { accepting, responders: program.responders, at: clock.now().toISOString() };
    await writeValue(store.db, stateKey(form.key), JSON.stringify(door));
  }
}
