import { deadlineAfter } from '../cases/calendar/working-days.ts';
import type { Program } from '../cases/program-rules.ts';
import { findAwaitingCorrection } from '../ledger/correction-requests.ts';
import type { CaseContext } from './context.ts';

/** Until when a correction can be sent whose request goes out at this instant. */
export function correctionDueAt(rules: Pick<Program, 'calendar' | 'deadlines'>, sentAt: Date): Date {
  return deadlineAfter(rules, sentAt, rules.deadlines.correctionDays);
}

/**
 * The deadline that begins if this notice goes out now.
 * @returns null where no deadline hangs on it: it asks for no correction, or the case has moved on since
 */
export async function deadlineOf(
  context: Pick<CaseContext, 'store' | 'program' | 'versions' | 'clock'>,
  noticeId: number,
): Promise<Date | null> {
  const found = await findAwaitingCorrection(context.store.db, noticeId);
  if (!found) return null;
  // One ledger may serve several programs, and any of them hands the mail over: it has not read the others' rules.
  const rules = context.versions.byHash.get(found.program_version ?? '') ?? context.program;
  return correctionDueAt(rules, context.clock.now());
}
