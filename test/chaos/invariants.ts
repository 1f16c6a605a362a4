import { nameKey } from '../../sync-service/src/cases/name.ts';
import type { TabSpec } from '../../contract/tabs.ts';
import { isTouched } from '../../sync-service/src/sheets/reconcile.ts';
import { textsStanding } from './people.ts';
import type { World } from './world.ts';

/** The design's names for what must always hold. */
export const INVARIANTS = [
  'no-loss',
  'no-double',
  'right-case',
  'one-notice',
  'people-first',
  'converges',
  'accountable',
  'inert',
] as const;
export type Invariant = (typeof INVARIANTS)[number];
export type Violations = Partial<Record<Invariant, string[]>>;

/** Everything that does not hold in a world that has come to rest. */
export async function findViolations(world: World): Promise<Violations> {
  const violations: Violations = {};
  const note = (invariant: Invariant, sentence: string) => {
    violations[invariant] = [...(violations[invariant] ?? []), sentence];
  };
  const { db } = world.store;
  const cases = await db.selectFrom('cases').selectAll().execute();
  const revisions = await db.selectFrom('revisions').select(['key', 'case_id', 'revision']).execute();
  const events = await db.selectFrom('events').selectAll().orderBy('id').execute();
  const notices = await db.selectFrom('notices').selectAll().execute();

  for (const { responseId, form, revisions: accepted } of world.submitted) {
    const own = cases.filter((each) => each.response_id === responseId);
    if (own.length === 0) note('no-loss', `response ${responseId} has no case`);
    if (own.length > 1) note('no-double', `response ${responseId} has ${own.length} cases`);
    for (const at of accepted) {
      const found = revisions.filter((each) => each.key === `${form}/${responseId}/${at}`).length;
      if (found === 0 && at === accepted.at(-1))
        note('no-loss', `${responseId}: the revision of ${at} is missing`);
      if (found > 1) note('no-double', `${responseId}: the revision of ${at} stands ${found} times`);
    }
    const [found] = own;
    const open = found && ['needs-correction', 'in-review'].includes(found.state);
    if (open && found.revision_at !== accepted.at(-1))
      note(
        'no-loss',
        `${found.number} is judged by the revision of ${found.revision_at}, the latest is ${accepted.at(-1)}`,
      );
  }
  if (cases.length > world.submitted.length)
    note('no-double', `${cases.length} cases of ${world.submitted.length} responses`);

  for (const { reason, name, revision, undone } of world.intentions) {
    for (const event of events.filter((each) => each.reason === reason)) {
      const found = cases.find((each) => each.id === event.case_id);
      if (undone)
        note('right-case', `${reason} was taken back or never sent, and was applied to ${found?.number}`);
      else if (nameKey(name) !== found?.name_key)
        note('right-case', `${reason} was meant for ${name} and went to ${found?.number}`);
      else if (revision !== null && event.revision !== revision)
        note('right-case', `${reason} saw revision ${revision} and was applied to ${event.revision}`);
    }
  }

  const mails = world.google.mailbox.messages();
  for (const notice of notices) {
    const sent = mails.filter((mail) => mail.messageId === notice.message_id).length;
    if (sent > 1) note('one-notice', `${notice.message_id} went out ${sent} times`);
    if (notice.state === 'sent' && sent === 0)
      note('one-notice', `${notice.message_id} counts as sent, and nobody got it`);
    if (['pending', 'claimed'].includes(notice.state))
      note('one-notice', `${notice.message_id} is still ${notice.state}`);
  }

  const standing = textsStanding(world);
  for (const text of world.halfTyped)
    if (!standing.has(text) && !wasSettled(world, text))
      note('people-first', `${text} is gone, and nobody has read it`);

  for (const found of cases) {
    const own = events.filter((each) => each.case_id === found.id);
    let state: string | null = null;
    for (const event of own) {
      if (event.from_state !== state)
        note(
          'accountable',
          `${found.number}: ${event.trigger} starts at ${event.from_state}, the case was ${state}`,
        );
      state = event.to_state;
    }
    if (state !== found.state)
      note('accountable', `${found.number} is ${found.state}, its history ends at ${state}`);
  }

  for (const found of cases.filter((each) => each.erased_at !== null)) {
    const name = world.submitted.find((each) => each.responseId === found.response_id)?.answers.name ?? '';
    const own = events.filter((each) => each.case_id === found.id);
    if (own.filter(({ trigger }) => trigger === 'erased').length !== 1)
      note('accountable', `${found.number} is erased, and its history does not say so once`);
    const kept = [found, ...own, ...notices.filter((each) => each.case_id === found.id)];
    const standing = world
      .documents()
      .flatMap((document) =>
        document.tabs.map((kept) => ({ spec: kept.spec, tab: world.read(document, kept) })),
      )
      .flatMap(({ spec, tab }) =>
        (tab?.rows ?? []).filter((row) => String(row.cells[spec.id]).trim() === found.number),
      );
    if (name && JSON.stringify([kept, standing]).includes(name))
      note('accountable', `${found.number} is erased, and ${name} still stands`);
  }

  const rowsOf = (role: string, key: string) => {
    const document = world.documents().find((each) => each.role === role);
    const kept = document?.tabs.find((each) => each.key === key);
    const tab = document && kept && world.read(document, kept);
    return { spec: kept?.spec as TabSpec, rows: tab?.rows ?? [] };
  };
  for (const found of cases) {
    const places = [rowsOf('office', 'cases')];
    if (found.queue && found.state === 'in-review') places.push(rowsOf(`queue:${found.queue}`, 'queue'));
    for (const { spec, rows } of places) {
      const own = rows.filter((row) => String(row.cells[spec.id]).trim() === found.number);
      if (own.length === 0) note('no-loss', `${found.number} stands in no row of ${spec.title}`);
      if (own.filter((row) => !isTouched(spec, row)).length > 1)
        note('no-double', `${found.number} stands in several rows of ${spec.title}`);
    }
  }

  for (const document of world.documents()) {
    const book = world.google.emulator.sheets.get(document.spreadsheetId, { includeGridData: true });
    const cells =
      book.sheets?.flatMap((sheet) => sheet.data?.[0]?.rowData?.flatMap((row) => row.values ?? []) ?? []) ??
      [];
    if (cells.some((cell) => cell.userEnteredValue?.formulaValue))
      note('inert', `${document.role} holds a formula`);
  }
  return violations;
}

/** A row that left with its decision was read with everything in it. */
function wasSettled(world: World, text: string): boolean {
  return world.settledTexts.has(text);
}

/** Tabs that still differ from the ledger, or are paused, after everything has come to rest. */
export function converged(result: Awaited<ReturnType<World['cycle']>>): boolean {
  return (
    result !== null &&
    result.written === 0 &&
    result.takenIn === 0 &&
    result.waiting === 0 &&
    result.sent === 0 &&
    result.paused.length === 0 &&
    result.failed.length === 0
  );
}
