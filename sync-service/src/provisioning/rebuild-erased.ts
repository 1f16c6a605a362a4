import { keysIn } from '../../../contract/records.ts';
import type { CaseContext } from '../casework/context.ts';
import type { Google } from '../google/client.ts';
import type { Program } from '../cases/program-rules.ts';
import { ERASED_NOTE, type CASES } from '../../../contract/tabs.ts';
import { intakeKey, type IntakeColumn, isKeyOf } from '../../../contract/intake-key.ts';
import { STATES } from '../cases/lifecycle.ts';
import { LEVELS } from '../cases/types.ts';
import type { TabRow } from '../google/tab.ts';
import { insertCase } from '../ledger/repositories/cases.ts';
import { insertErasure } from '../ledger/repositories/erasures.ts';
import { insertEmptyRevision } from '../ledger/repositories/revisions.ts';
import { neutralFacts } from '../casework/erasure/erase.ts';
import { addEvent } from '../casework/transition.ts';

/** What a ledger is rebuilt with. */
export type RebuildContext = CaseContext & { readonly baseProgram: Program; readonly google: Google };

export type CaseRow = TabRow<keyof typeof CASES.columns>;

/** Whether the list of all cases says that this case bears no personal data any more. */
export function isListedErased(row: CaseRow | undefined): row is CaseRow {
  return row?.cells.result === ERASED_NOTE;
}

/**
 * Puts an erased case back as it was: number, state, keys, and nothing of the person, whatever its intake rows still
 * say. The script is asked once more to see that they are empty.
 */
export async function rebuildErased(
  context: RebuildContext,
  listed: CaseRow,
  intake: readonly TabRow<IntakeColumn>[],
): Promise<void> {
  const { store, clock } = context;
  const response = String(listed.cells.response);
  const own = intake
    .filter((row) => String(row.cells.responseId) === response)
    .toSorted((a, b) => String(a.cells.revision).localeCompare(String(b.cells.revision)));
  const values = erasedCase(context, listed, own);
  await store.transaction(async (db) => {
    const found = await insertCase(db, values);
    for (const [index, row] of own.entries())
      await insertEmptyRevision(
        db,
        { caseId: found.id, revision: index + 1 },
        { key: keyOf(row, values.form, response), receivedAt: String(row.cells.receivedAt) },
      );
    const by = { actor: 'service', reason: '由試算表重建前已刪除' };
    const now = clock.now();
    await addEvent(context, db, found, { from: null, trigger: 'rebuilt', actor: 'service' });
    await addEvent(context, db, found, { from: found.state, trigger: 'erased', ...by });
    await insertErasure(db, { case_id: found.id, ...by, even_open: true, asked_at: now, erased_at: now });
  });
}

/** The key as it stands, unless somebody has damaged it. */
function keyOf({ cells }: TabRow<IntakeColumn>, form: string, responseId: string): string {
  const [key, revision] = [String(cells.key), String(cells.revision)];
  return isKeyOf(key, { form, responseId, revision }) ? key : intakeKey(form, responseId, revision);
}

/** What the list of all cases and the emptied intake rows still tell of an erased case. */
function erasedCase(
  { program, clock, versions }: RebuildContext,
  { cells }: CaseRow,
  own: readonly TabRow<IntakeColumn>[],
) {
  const now = clock.now();
  const level = keysIn(LEVELS).find((key) => LEVELS[key] === cells.level) ?? null;
  const schoolYear = Number(cells.schoolYear) || null;
  return {
    number: String(cells.case),
    program: program.key,
    program_version: versions.newest,
    form: String(
      own[0]?.cells.form ?? program.forms.find(({ title }) => title === cells.form)?.key ?? cells.form,
    ),
    response_id: String(cells.response),
    revision: Math.max(1, own.length),
    revision_at: String(own.at(-1)?.cells.revision ?? now.toISOString()),
    state: keysIn(STATES).find((key) => STATES[key] === cells.state) ?? 'withdrawn',
    queue: program.queues.find(({ label }) => label === cells.queue)?.key ?? null,
    route: null,
    received_at: String(own[0]?.cells.receivedAt ?? now.toISOString()),
    changed_at: now,
    due_at: null,
    duplicate_of: null,
    letter_number: String(cells.letter),
    email: '',
    edit_url: '',
    answers: {},
    facts: neutralFacts({ level, schoolYear }),
    findings: [],
    problems: [],
    changed: [],
    name_key: null,
    school_key: null,
    level,
    school_year: schoolYear,
    certificate_key: null,
    erased_at: now,
  };
}
