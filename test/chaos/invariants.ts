import { query } from '../../sync-service/src/ledger/query.ts';
import { certificateKey } from '../../sync-service/src/cases/reading/certificate-number.ts';
import { nameKey } from '../../sync-service/src/cases/reading/name.ts';
import { digestIn, intakeKey, revisionIn } from '../../contract/intake-key.ts';
import type { TabSpec } from '../../contract/tabs.ts';
import { isTouched } from '../../sync-service/src/google/reconcile.ts';
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
  /** Not in the design's list: nobody's case ends over a request for correction that did not go out. */
  'fair-deadline',
  /** Nor is this: logs name nobody. */
  'private',
] as const;
export type Invariant = (typeof INVARIANTS)[number];
export type Violations = Partial<Record<Invariant, string[]>>;

const SENT_BACK = '退回重審';

/** Everything that does not hold in a world that has come to rest. */
export async function findViolations(world: World): Promise<Violations> {
  const violations: Violations = {};
  const note = (invariant: Invariant, sentence: string) => {
    violations[invariant] = [...(violations[invariant] ?? []), sentence];
  };
  const { db } = world.store;
  const cases = await query(db).selectFrom('cases').selectAll().execute();
  const revisions = await query(db).selectFrom('revisions').select(['key', 'case_id', 'revision']).execute();
  const events = await query(db).selectFrom('events').selectAll().orderBy('id').execute();
  const notices = await query(db).selectFrom('notices').selectAll().orderBy('id').execute();

  const sent = new Set<string>();
  for (const response of world.submitted) {
    const { responseId, form, revisions: accepted } = response;
    const own = cases.filter((each) => each.response_id === responseId);
    if (own.length === 0) note('no-loss', `response ${responseId} has no case`);
    if (own.length > 1) note('no-double', `response ${responseId} has ${own.length} cases`);
    const taken = revisions
      .filter(({ key }) => key.startsWith(intakeKey(form, responseId, '')))
      .map(({ key }) => ({ key, digest: digestIn(key), revision: revisionIn(key, response) }))
      .toSorted((a, b) => (a.revision < b.revision ? -1 : 1));
    const times = (all: { digest: string }[], digest: string) =>
      all.filter((each) => each.digest === digest).length;
    for (const { digest, key } of taken) {
      if (times(accepted, digest) > 0) sent.add(key);
      if (times(taken, digest) > times(accepted, digest))
        note('no-double', `${key} was sent ${times(accepted, digest)} times, taken ${times(taken, digest)}`);
    }
    const [last, newest] = [accepted.at(-1), taken.at(-1)];
    if (newest?.digest !== last?.digest)
      note('no-loss', `${responseId}: the last version is ${last?.digest}, the newest key ${newest?.key}`);
    const [found] = own;
    const open = found && ['needs-correction', 'in-review'].includes(found.state);
    if (open && found.revision_at !== newest?.revision)
      note('no-loss', `${found.number} is judged by ${found.revision_at}, the latest is ${newest?.revision}`);
  }
  for (const { key } of revisions.filter((each) => !sent.has(each.key)))
    note('no-double', `nobody sent the revision ${key}`);
  if (cases.length > world.submitted.length)
    note('no-double', `${cases.length} cases of ${world.submitted.length} responses`);

  for (const { reason, name, certificate, revision, undone } of world.intentions) {
    const taken = events.filter((each) => each.reason === reason);
    if (taken.length > 1 && !world.restored) note('no-double', `${reason} was taken ${taken.length} times`);
    for (const event of taken) {
      const found = cases.find((each) => each.id === event.case_id);
      if (undone)
        note('right-case', `${reason} was taken back or never sent, and was applied to ${found?.number}`);
      else if (nameKey(name) !== found?.name_key || certificateKey(certificate) !== found.certificate_key)
        note('right-case', `${reason} was meant for ${name} ${certificate} and went to ${found?.number}`);
      else if (revision !== null && event.revision !== revision)
        note('right-case', `${reason} saw revision ${revision} and was applied to ${event.revision}`);
    }
  }

  for (const { case_id, reason } of events.filter((each) => each.reason === SENT_BACK)) {
    const found = cases.find((each) => each.id === case_id);
    if (!world.sentBack.has(String(found?.facts.certificateNumber)))
      note('right-case', `${found?.number}: ${reason}, and nobody ticked that`);
  }

  const mails = world.google.mailbox.messages();
  if (mails.some((mail) => mail.html.includes('<script'))) note('inert', 'a mail holds a script');
  for (const notice of notices) {
    const sent = mails.filter((mail) => mail.messageId === notice.message_id).length;
    if (sent > 1) note('one-notice', `${notice.message_id} went out ${sent} times`);
    if (notice.state === 'sent' && sent === 0)
      note('one-notice', `${notice.message_id} counts as sent, and nobody got it`);
    if (['pending', 'claimed'].includes(notice.state))
      note('one-notice', `${notice.message_id} is still ${notice.state}`);
  }

  for (const found of cases) {
    const kinds = NOTICES_OF[found.state] ?? [];
    const last = events.findLast((each) => each.case_id === found.id && each.to_state !== each.from_state);
    // Waiting for the letter is review to a teacher: who comes back from there was told before.
    const sameTurn = last?.reason !== SENT_BACK;
    const own = notices.filter(
      (each) => each.case_id === found.id && (!sameTurn || each.episode === found.episode),
    );
    if (kinds.length > 0 && !own.some((each) => kinds.includes(each.kind)))
      note('one-notice', `${found.number} is ${found.state}, and its teacher was never told`);
  }
  for (const event of events.filter(({ trigger }) => trigger === 'expired')) {
    const request = notices.findLast(
      (each) =>
        each.case_id === event.case_id &&
        each.kind === 'correction-request' &&
        each.revision <= event.revision &&
        each.created_at <= event.at,
    );
    if (request?.state === 'erased') continue;
    if (request?.state !== 'sent' || !mails.some((mail) => mail.messageId === request.message_id))
      note('fair-deadline', `case ${event.case_id} expired, and its request is ${request?.state}`);
  }

  const causes = ['drop-before-reply', 'take-and-drop', 'take-and-hang', 'disk-full', 'clock-step'];
  const caused =
    world.counts.kills > 0 ||
    causes.some((kind) => world.counts.faults[kind]) ||
    world.counts.sleepers > 0 ||
    world.counts.people['two-instances'];
  if (!caused && notices.some((each) => each.state === 'uncertain'))
    note('one-notice', 'a notice is uncertain, and nothing ever broke');

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
    if (own.some((event) => !event.actor || !event.trigger))
      note('accountable', `${found.number} has an event without an actor or a trigger`);
    const received = own.filter((event) => ['submitted', 'resubmitted'].includes(event.trigger)).length;
    const managed = revisions.filter((each) => each.case_id === found.id).length;
    if (received !== managed)
      note('accountable', `${found.number} has ${managed} revisions and ${received} events of receipt`);
    if (state !== found.state)
      note('accountable', `${found.number} is ${found.state}, its history ends at ${state}`);
  }

  for (const found of cases.filter((each) => each.erased_at !== null)) {
    const name = world.submitted.find((each) => each.responseId === found.response_id)?.answers.name ?? '';
    const own = events.filter((each) => each.case_id === found.id);
    if (own.filter(({ trigger }) => trigger === 'erased').length !== 1)
      note('accountable', `${found.number} is erased, and its history does not say so once`);
    const managed = [found, ...own, ...notices.filter((each) => each.case_id === found.id)];
    const standing = world
      .documents()
      .flatMap((document) =>
        document.tabs.map((managed) => ({ spec: managed.spec, tab: world.read(document, managed) })),
      )
      .flatMap(({ spec, tab }) =>
        (tab?.rows ?? []).filter((row) => String(row.cells[spec.id]).trim() === found.number),
      );
    if (name && JSON.stringify([managed, standing]).includes(name))
      note('accountable', `${found.number} is erased, and ${name} still stands`);
  }

  const rowsOf = (role: string, key: string) => {
    const document = world.documents().find((each) => each.role === role);
    const managed = document?.tabs.find((each) => each.key === key);
    const tab = document && managed && world.read(document, managed);
    return { spec: managed?.spec as TabSpec, rows: tab?.rows ?? [] };
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
  // What is typed again and again, by every teacher and reviewer.
  const personal = [/@example\.com/u, /教師\d+號/u, /臺教師\(三\)/u, /(?:理由|承辦|覆蓋|半途)\d+-/u];
  const telling = world.log.find((line) => personal.some((pattern) => pattern.test(line)));
  if (telling) note('private', `the log says ${telling.slice(0, 200)}`);
  return violations;
}

/** What the teacher of a case in this state has been told, one of these. */
const NOTICES_OF: Record<string, string[]> = {
  'in-review': ['acknowledgement', 'forwarded', 'reversed'],
  'needs-correction': ['correction-request'],
  dispatched: ['dispatched', 'forwarded'],
  registered: ['registered'],
  rejected: ['rejected'],
  answered: ['answered'],
  'not-needed': ['not-needed'],
  duplicate: ['duplicate'],
  withdrawn: ['withdrawn'],
  expired: ['expired'],
  late: ['late'],
};

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
