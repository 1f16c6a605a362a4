import { createHash } from 'node:crypto';
import { digestOf } from '../../contract/intake-key.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import {
  ACTIONS as ACTIONS_OF_THE_OFFICE,
  BATCHES,
  type CASES,
  keysOf,
  ownedBy,
  SCOPES,
} from '../../contract/tabs.ts';
import { FINAL_STATES } from '../../sync-service/src/cases/lifecycle.ts';
import { outcomesFor } from '../../sync-service/src/cases/routing.ts';
import { writeValue } from '../../sync-service/src/ledger/key-values.ts';
import { askErasure, carryOut } from '../../sync-service/src/casework/erasure/erase.ts';
import type { ManagedDocument } from '../../sync-service/src/provisioning/office.ts';
import type { ManagedTab } from '../../sync-service/src/tabs/registry.ts';
import type { Random } from './random.ts';
import { GRACE_MS, type Submitted, type World } from './world.ts';

/** In the midst of these the service looks too: what is gone afterwards need not be a person's doing. */
export const WITH_LOOKS: readonly string[] = ['undo', 'two-instances'];

/** What people do; each takes its own randomness, so that a history without one of its steps stays the same. */
export type Action = (world: World, random: Random) => Promise<void> | void;

const SCHOOLS = ['114601', '東區大同國小', '114721 市立隆田國小', '霍格華茲國小', '復興國小'];
const YEARS = ['106', '107學年度', '民國105年', '104', '2017', '108', '120'];
const FORMS = ['advanced-mentor-106-107', 'advanced-mentor-105-earlier', 'initial'];

const sha256 = (ascii: string) => createHash('sha256').update(ascii).digest('hex');

/** What a teacher sends in; null where the form is closed: the teacher goes away, and nothing was submitted. */
async function post(world: World, form: string, answers: Record<string, string>, editUrl?: string) {
  const found = world.service.office.forms[form];
  if (!found) throw new Error(`no form ${form}`);
  if (world.google.forms.door(found.formId) === 'closed') return null;
  const { items = [] } = world.google.forms.get(found.formId);
  const given = items.flatMap((item) => {
    const id = item.questionItem?.question?.questionId;
    const answer = answers[found.fields[item.title ?? ''] ?? ''];
    return id && answer ? [[id, answer] as const] : [];
  });
  const editKey = editUrl ? new URL(editUrl).searchParams.get('edit2') : null;
  const taken = world.google.forms.submit(found.formId, {
    answers: Object.fromEntries(given),
    ...(editKey ? { editKey } : {}),
  });
  const titles = new Set(items.map(({ title }) => found.fields[title ?? '']));
  const asked = Object.fromEntries(Object.entries(answers).filter(([key]) => titles.has(key)));
  return { ...taken, revision: { digest: digestOf({ email: '', answers: asked }, sha256), answers } };
}

const submit: Action = async (world, random) => {
  world.serial += 1;
  const form = random.pick(FORMS) ?? 'initial';
  const answers: Record<string, string> = {
    email: `t${world.serial}@example.com`,
    name: random.chance(0.1) ? `=HYPERLINK("http://x.example","${world.serial}")` : `教師${world.serial}號`,
    school: random.pick(SCHOOLS) ?? '114601',
    level: random.pick(['進階', '教學輔導教師']) ?? '進階',
    'school-year': random.pick(YEARS) ?? '106',
    'certificate-number': `臺教師(三)字第${1_060_000_000 + world.serial}號`,
    evidence: 'https://drive.google.com/open?id=x',
    consent: '我已閱讀並同意',
    note: random.chance(0.2) ? '+1+1' : '',
  };
  // Google stamps milliseconds: two answers of one instant are one revision.
  world.clock.advance(1 + random.below(5000));
  // Drawn last, so that histories from before they were drawn stay what they were.
  const earlier = random.chance(0.25) ? random.pick(world.submitted)?.answers : undefined;
  // One teacher may have several certificates.
  if (earlier) Object.assign(answers, { email: earlier.email, name: earlier.name });
  if (random.chance(0.15)) answers.note = random.pick(HOSTILE) ?? '';
  const taken = await post(world, form, answers);
  if (!taken) return;
  const { responseId, editUrl, revision } = taken;
  world.submitted.push({ form, responseId, editUrl, revisions: [revision], answers });
};

const editResponse: Action = async (world, random) => {
  const found: Submitted | undefined = random.pick(world.submitted);
  if (!found) return;
  world.clock.advance(1 + random.below(5000));
  const moved = { school: random.pick(SCHOOLS) ?? '', 'school-year': random.pick(YEARS) ?? '' };
  // Half of them send a better scan only: nothing but the revision tells that from what the reviewer saw.
  const scan = { evidence: `https://drive.google.com/open?id=y${found.revisions.length}` };
  const edited = { ...found.answers, ...(random.chance(0.5) ? scan : moved) };
  // Some take their last edit back.
  const answers = (random.chance(0.2) ? found.revisions.at(-2)?.answers : undefined) ?? edited;
  const taken = await post(world, found.form, answers, found.editUrl);
  if (!taken) return;
  found.answers = answers;
  found.revisions.push(taken.revision);
};

/** What people paste anywhere. */
const HOSTILE = [
  '+1+1',
  'a\u0000b\ud800c',
  '一\r\n二\r三',
  "'007 1E+15 TRUE",
  '<script>alert(1)</script>',
  '長'.repeat(49_000),
  Array.from({ length: 4000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))).join(''),
];

interface Place {
  document: ManagedDocument;
  managed: ManagedTab;
  sheetId: number;
}

function places(world: World): Place[] {
  return world.documents().flatMap((document) =>
    document.tabs.map((managed) => ({
      document,
      managed,
      sheetId: document.tabIds[managed.key] ?? 0,
    })),
  );
}

const queues = (world: World) => places(world).filter(({ managed }) => managed.key === 'queue');

/** A row of a queue, with its place. */
function pickRow(world: World, random: Random) {
  const place = random.pick(queues(world));
  const tab = place && world.read(place.document, place.managed);
  const row = tab && random.pick(tab.rows);
  return place && tab && row ? { ...place, tab, row } : null;
}

/** Types a decision into a row; what was meant is remembered by its reason. */
function typeDecision(world: World, random: Random, tick: boolean) {
  const picked = pickRow(world, random);
  if (!picked) return null;
  const label = random.pick(picked.managed.look(world.program).choices.decision ?? []) ?? '';
  return typeInto(world, random, picked, label, tick);
}

function typeInto(
  world: World,
  random: Random,
  picked: NonNullable<ReturnType<typeof pickRow>>,
  label: string,
  tick: boolean,
) {
  const { document, sheetId, tab, row } = picked;
  world.serial += 1;
  const intention = {
    reason: `理由${world.seed}-${world.serial}${random.chance(0.2) ? '<script>1</script>' : ''}`,
    name: String(row.cells.name),
    certificate: String(row.cells.certificateNumber),
    revision: Number(row.cells.revision),
    undone: !tick,
  };
  const write = (key: string, value: string | boolean) =>
    world.write(document, sheetId, row.index, tab.columns[key] ?? 0, value);
  write('decision', label);
  write('reason', intention.reason);
  write('ready', tick);
  world.intentions.push(intention);
  return { ...picked, intention, write };
}

const decide: Action = (world, random) => void typeDecision(world, random, true);

/** A quiet morning: every case of a queue is passed, as the way it is handled wants it. */
const passAll: Action = (world, random) => {
  const place = random.pick(queues(world));
  const tab = place && world.read(place.document, place.managed);
  if (!place || !tab) return;
  for (const row of tab.rows) {
    const stage = Object.values(world.program.stages).find(({ label }) => label === row.cells.stage);
    const [first] = stage ? outcomesFor(world.program, stage, '') : [];
    if (first) typeInto(world, random, { ...place, tab, row }, first.label, true);
  }
};

/** Somebody makes it look tidier: the upper left cell keeps what it says, the others lose it. */
const mergeCells: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const startColumnIndex = random.below(keysOf(picked.managed.spec).length);
  const range = {
    sheetId: picked.sheetId,
    startRowIndex: picked.row.index,
    endRowIndex: picked.row.index + 1 + random.below(3),
    startColumnIndex,
    endColumnIndex: startColumnIndex + 1 + random.below(3),
  };
  world.edit(picked.document, [{ mergeCells: { range, mergeType: 'MERGE_ALL' } }]);
};

const halfType: Action = (world, random) => {
  const picked = pickRow(world, random);
  if (!picked || picked.row.cells.ready === true) return;
  world.serial += 1;
  const text = `半途${world.seed}-${world.serial}`;
  world.write(picked.document, picked.sheetId, picked.row.index, picked.tab.columns.note ?? 0, text);
  world.halfTyped.add(text);
};

/** Ticks, is seen, and unticks within the grace time. */
const undo: Action = async (world, random) => {
  const typed = typeDecision(world, random, true);
  if (!typed) return;
  typed.intention.undone = true;
  await world.cycle();
  world.clock.advance(GRACE_MS / 2);
  // The row may have moved meanwhile: whoever undoes looks for it.
  const row = world
    .read(typed.document, typed.managed)
    ?.rows.find((each) => each.cells.reason === typed.intention.reason);
  if (row) world.write(typed.document, typed.sheetId, row.index, typed.tab.columns.ready ?? 0, false);
};

/** The teacher edits while the tick stands: the reviewer saw an earlier revision. */
const staleDecision: Action = async (world, random) => {
  if (typeDecision(world, random, true)) await editResponse(world, random);
};

const twoAtOnce: Action = async (world) => {
  await world.cycleTwice();
};

/** Two reviewers decide one case at the same time, the second one in a copy of its row. */
const twoReviewers: Action = (world, random) => {
  const typed = typeDecision(world, random, true);
  if (!typed) return;
  const { document, sheetId, managed, tab, row, intention } = typed;
  const below = tab.height + 1;
  const reason = `${intention.reason}乙`;
  const cells = { ...row.cells, decision: '退回補件', reason, ready: true };
  for (const key of keysOf(managed.spec))
    world.write(document, sheetId, below, tab.columns[key] ?? 0, cells[key as keyof typeof cells] ?? '');
  world.intentions.push({ ...intention, reason });
};

/** Undoes a decision after the grace time, takes a closed case up again, withdraws one. */
const officeAction: Action = (world, random) => {
  const place = places(world).find(({ managed }) => managed.key === 'cases');
  const tab = place && world.read(place.document, place.managed);
  const row = tab && random.pick(tab.rows);
  if (!place || !tab || !row) return;
  world.serial += 1;
  const reason = `承辦${world.seed}-${world.serial}`;
  const write = (key: keyof typeof CASES.columns, value: string | boolean) =>
    world.write(place.document, place.sheetId, row.index, tab.columns[key] ?? 0, value);
  write('action', random.pick(Object.values(ACTIONS_OF_THE_OFFICE)) ?? '');
  write('reason', reason);
  write('ready', true);
  world.intentions.push({
    reason,
    name: String(row.cells.name),
    certificate: String(row.cells.certificateNumber),
    revision: null,
    undone: false,
  });
};

/** What Google's version history keeps by itself. */
export function keepVersions(world: World): void {
  for (const { spreadsheetId } of world.documents()) {
    const { sheets = [] } = world.google.emulator.sheets.get(spreadsheetId, { includeGridData: true });
    world.versions.push({
      spreadsheetId,
      sheets: sheets.map(({ properties, data }) => ({
        sheetId: properties?.sheetId ?? 0,
        title: properties?.title ?? '',
        rows: (data?.[0]?.rowData ?? []).map(({ values = [] }) => ({
          values: values.map(({ userEnteredValue }) => (userEnteredValue ? { userEnteredValue } : {})),
        })),
      })),
    });
  }
}

/** Puts a spreadsheet back as it once was, with everything that stood there then. */
const restoreVersion: Action = (world, random) => {
  const version = random.pick(world.versions);
  const document = world.documents().find((each) => each.spreadsheetId === version?.spreadsheetId);
  if (!version || !document) return;
  const { sheets = [] } = world.google.emulator.sheets.get(version.spreadsheetId);
  const present = new Map(sheets.map(({ properties }) => [properties?.sheetId ?? 0, properties]));
  for (const { sheetId, title, rows } of version.sheets) {
    const now = present.get(sheetId);
    const width = Math.max(1, ...rows.map((row) => (row as { values: object[] }).values.length));
    const gridProperties = {
      rowCount: Math.max(rows.length, now?.gridProperties?.rowCount ?? 1000),
      columnCount: Math.max(width, now?.gridProperties?.columnCount ?? 26),
    };
    world.edit(document, [
      now
        ? {
            updateSheetProperties: {
              properties: { sheetId, gridProperties },
              fields: 'gridProperties.rowCount,gridProperties.columnCount',
            },
          }
        : { addSheet: { properties: { sheetId, title: `${title}（${world.serial}）`, gridProperties } } },
      { updateCells: { range: { sheetId }, rows, fields: 'userEnteredValue' } },
    ]);
  }
  // A tick that stands again is set again.
  world.restored = true;
  const standing = textsStanding(world);
  for (const intention of world.intentions) if (standing.has(intention.reason)) intention.undone = false;
};

const dispatch: Action = async (world, random) => {
  const place = places(world).find(({ managed }) => managed.key === 'batches');
  const tab = place && world.read(place.document, place.managed);
  const row = tab && random.pick(tab.rows);
  if (!place || !tab || !row) return;
  const write = (key: keyof typeof BATCHES.columns, value: string | boolean) =>
    world.write(place.document, place.sheetId, row.index, tab.columns[key] ?? 0, value);
  if (random.chance(0.5)) {
    write('scope', SCOPES.all);
    write('roster', true);
  } else {
    write('letterNumber', `南市教專字第${world.serial}號`);
    write('letterDate', '109-05-11');
    write('send', true);
  }
};

const sort: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  const sortSpecs = [
    {
      dimensionIndex: random.below(keysOf(place.managed.spec).length),
      sortOrder: random.chance(0.5) ? 'ASCENDING' : 'DESCENDING',
    },
  ];
  world.edit(place.document, [
    { sortRange: { range: { sheetId: place.sheetId, startRowIndex: 2 }, sortSpecs } },
  ]);
};

/** A place with a row in it, of any tab. */
function pickAnyRow(world: World, random: Random) {
  const place = random.pick(places(world));
  const tab = place && world.read(place.document, place.managed);
  const row = tab && random.pick(tab.rows);
  return place && tab && row ? { ...place, tab, row } : null;
}

const insertRow: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  const startIndex = 2 + random.below(4);
  world.edit(place.document, [
    {
      insertDimension: {
        range: { sheetId: place.sheetId, dimension: 'ROWS', startIndex, endIndex: startIndex + 1 },
      },
    },
  ]);
};

const deleteRow: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const { index } = picked.row;
  world.edit(picked.document, [
    {
      deleteDimension: {
        range: { sheetId: picked.sheetId, dimension: 'ROWS', startIndex: index, endIndex: index + 1 },
      },
    },
  ]);
};

/** The row of labels, taken for a row like any other. */
const deleteLabels: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  const range = { sheetId: place.sheetId, dimension: 'ROWS', startIndex: 1, endIndex: 2 };
  world.edit(place.document, [{ deleteDimension: { range } }]);
};

const duplicateRow: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const below = picked.tab.height + 1;
  for (const key of keysOf(picked.managed.spec))
    world.write(
      picked.document,
      picked.sheetId,
      below,
      picked.tab.columns[key] ?? 0,
      picked.row.cells[key] ?? '',
    );
};

const moveRow: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const { index } = picked.row;
  world.edit(picked.document, [
    {
      moveDimension: {
        source: { sheetId: picked.sheetId, dimension: 'ROWS', startIndex: index, endIndex: index + 1 },
        destinationIndex: 2 + random.below(picked.tab.height + 1) + (index === 2 ? 1 : 0),
      },
    },
  ]);
};

const moveColumn: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  const width = keysOf(place.managed.spec).length;
  const startIndex = random.below(width);
  const destinationIndex = random.below(width);
  if (destinationIndex === startIndex || destinationIndex === startIndex + 1) return;
  world.edit(place.document, [
    {
      moveDimension: {
        source: { sheetId: place.sheetId, dimension: 'COLUMNS', startIndex, endIndex: startIndex + 1 },
        destinationIndex,
      },
    },
  ]);
};

const deleteColumn: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  const startIndex = random.below(keysOf(place.managed.spec).length);
  const range = { sheetId: place.sheetId, dimension: 'COLUMNS', startIndex, endIndex: startIndex + 1 };
  world.edit(place.document, [{ deleteDimension: { range } }]);
};

const insertColumn: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  const startIndex = random.below(keysOf(place.managed.spec).length);
  world.edit(place.document, [
    {
      insertDimension: {
        range: { sheetId: place.sheetId, dimension: 'COLUMNS', startIndex, endIndex: startIndex + 1 },
      },
    },
  ]);
};

/** Somebody keeps notes in a column of their own, in the middle or at the right. Its title is looked for at the end. */
const ownColumn: Action = (world, random) => {
  const place = random.pick(queues(world));
  const tab = place && world.read(place.document, place.managed);
  if (!place || !tab) return;
  const startIndex = random.below(Math.max(...Object.values(tab.columns)) + 2);
  const range = { sheetId: place.sheetId, dimension: 'COLUMNS', startIndex, endIndex: startIndex + 1 };
  world.edit(place.document, [
    { appendDimension: { sheetId: place.sheetId, dimension: 'COLUMNS', length: 1 } },
    { insertDimension: { range } },
  ]);
  world.serial += 1;
  const text = `自訂欄${world.seed}-${world.serial}`;
  world.write(place.document, place.sheetId, 1, startIndex, text);
  world.halfTyped.add(text);
};

/** A column copied with its hidden key, before anybody sees to it. */
const copyColumn: Action = (world, random) => {
  const place = random.pick(places(world));
  const tab = place && world.read(place.document, place.managed);
  const key = place && random.pick(keysOf(place.managed.spec));
  const from = tab && key ? (tab.columns[key] ?? -1) : -1;
  if (!place || !tab || from < 0) return;
  const { sheetId } = place;
  const to = Math.max(...Object.values(tab.columns)) + 1;
  world.edit(place.document, [
    { appendDimension: { sheetId, dimension: 'COLUMNS', length: 1 } },
    { insertDimension: { range: { sheetId, dimension: 'COLUMNS', startIndex: to, endIndex: to + 1 } } },
    {
      copyPaste: {
        source: { sheetId, startColumnIndex: from, endColumnIndex: from + 1 },
        destination: { sheetId, startColumnIndex: to, endColumnIndex: to + 1 },
        pasteType: 'PASTE_NORMAL',
      },
    },
  ]);
};

/** The tab is one that an earlier release made: it lacks a column, and the ledger knows of no later layout. */
const olderLayout: Action = async (world, random) => {
  const place = random.pick(places(world));
  const tab = place && world.read(place.document, place.managed);
  if (!place || !tab) return;
  const { document, managed, sheetId } = place;
  const { spec } = managed;
  const key = random.pick(ownedBy(spec, 'service').filter((each) => each !== spec.id));
  const startIndex = key ? (tab.columns[key] ?? -1) : -1;
  if (startIndex < 0) return;
  const range = { sheetId, dimension: 'COLUMNS', startIndex, endIndex: startIndex + 1 };
  world.edit(document, [{ deleteDimension: { range } }]);
  await writeValue(world.store.db, `layout/${document.role}/${managed.key}`, '0');
};

const renameTab: Action = (world, random) => {
  const place = random.pick(places(world));
  if (!place) return;
  world.serial += 1;
  world.edit(place.document, [
    {
      updateSheetProperties: {
        properties: { sheetId: place.sheetId, title: `改名${world.serial}` },
        fields: 'title',
      },
    },
  ]);
};

const renameLabel: Action = (world, random) => {
  const place = random.pick(places(world));
  if (place) world.write(place.document, place.sheetId, 1, random.below(5), '改了標題');
};

/** Text over the service's cells. */
const pasteBlock: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const keys = ownedBy(picked.managed.spec, 'service').filter((key) => key !== picked.managed.spec.id);
  for (let i = 0; i < 3; i += 1) {
    const key = random.pick(keys);
    if (key)
      world.write(picked.document, picked.sheetId, picked.row.index, picked.tab.columns[key] ?? 0, '=貼上');
  }
};

/** One row's case number over another's. */
const overwriteNumber: Action = (world, random) => {
  const picked = random.chance(0.5) ? pickRow(world, random) : pickAnyRow(world, random);
  const other = picked && random.pick(picked.tab.rows);
  if (!picked || !other) return;
  const { id } = picked.managed.spec;
  world.write(
    picked.document,
    picked.sheetId,
    picked.row.index,
    picked.tab.columns[id] ?? 0,
    other.cells[id] ?? '',
  );
};

/** …or what no case is called, in full width, with blanks, or something else altogether. */
const garbleNumber: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const { id } = picked.managed.spec;
  const text = String(picked.row.cells[id]);
  const wide = [...text].map((char) => String.fromCharCode(char.charCodeAt(0) + 0xfee0)).join('');
  const garbled = random.pick([` ${text} `, wide, '', ...HOSTILE]) ?? '';
  world.write(picked.document, picked.sheetId, picked.row.index, picked.tab.columns[id] ?? 0, garbled);
};

/** Cut here, pasted below. */
const cutPaste: Action = (world, random) => {
  const picked = pickAnyRow(world, random);
  if (!picked) return;
  const { document, sheetId, tab, row } = picked;
  const source = { sheetId, startRowIndex: row.index, endRowIndex: row.index + 1 };
  const destination = { sheetId, rowIndex: tab.height + 1, columnIndex: 0 };
  world.edit(document, [{ cutPaste: { source, destination, pasteType: 'PASTE_NORMAL' } }]);
};

/** A copy of a tab, keys and all; somebody decides in the copy. */
const duplicateTab: Action = (world, random) => {
  const picked = pickRow(world, random);
  if (!picked) return;
  const { document, sheetId, tab, row } = picked;
  world.serial += 1;
  const copy = 900_000 + world.serial;
  const newSheetName = `副本${world.serial}`;
  world.edit(document, [{ duplicateSheet: { sourceSheetId: sheetId, newSheetId: copy, newSheetName } }]);
  const intention = {
    reason: `副本${world.seed}-${world.serial}`,
    name: String(row.cells.name),
    certificate: String(row.cells.certificateNumber),
    revision: Number(row.cells.revision),
    undone: true,
  };
  world.write(document, copy, row.index, tab.columns.decision ?? 0, '退回補件');
  world.write(document, copy, row.index, tab.columns.reason ?? 0, intention.reason);
  world.write(document, copy, row.index, tab.columns.ready ?? 0, true);
  world.intentions.push(intention);
};

/** Ticks in the list of cases that wait for a letter. */
const waitingList: Action = (world, random) => {
  const place = places(world).find(({ managed }) => managed.key === 'dispatch');
  const tab = place && world.read(place.document, place.managed);
  const row = tab && random.pick(tab.rows);
  if (!place || !tab || !row) return;
  const key = random.pick(['select', 'remove', 'back', 'back'] as const) ?? 'back';
  world.write(place.document, place.sheetId, row.index, tab.columns[key] ?? 0, true);
  if (key === 'back') world.sentBack.add(String(row.cells.certificateNumber));
};

const VALUES = ['3', '9', '九天', '', '是', '否', '109-07-31', '109-13-01', 'a@example.com', ...HOSTILE];

/** A setting or a notice's words, right or wrong. */
const changeSetting: Action = (world, random) => {
  const place = random.pick(
    places(world).filter(({ managed }) => managed.key === 'settings' || managed.key === 'templates'),
  );
  const tab = place && world.read(place.document, place.managed);
  const row = tab && random.pick(tab.rows);
  if (!place || !tab || !row) return;
  // A form that is closed takes nothing in: that is another history.
  if (/^form[/]|administrators/u.test(String(row.cells.key ?? ''))) return;
  const key = random.pick(ownedBy(place.managed.spec, 'person'));
  const value = random.pick([...VALUES, '{{caseNumber}} 通知', '{{broken']) ?? '';
  if (key) world.write(place.document, place.sheetId, row.index, tab.columns[key] ?? 0, value);
};

/** …and a decision in that very row. */
const decideOnOverwritten: Action = (world, random) => {
  const picked = pickRow(world, random);
  const other = picked?.tab.rows.find((each) => each.cells.name !== picked.row.cells.name);
  if (!picked || !other) return;
  world.serial += 1;
  const reason = `覆蓋${world.seed}-${world.serial}`;
  const write = (key: string, value: string | boolean) =>
    world.write(picked.document, picked.sheetId, picked.row.index, picked.tab.columns[key] ?? 0, value);
  write('case', String(other.cells.case));
  write('decision', '退回補件');
  write('reason', reason);
  write('ready', true);
  const revision = Number(picked.row.cells.revision);
  world.intentions.push({
    reason,
    name: String(picked.row.cells.name),
    certificate: String(picked.row.cells.certificateNumber),
    revision,
    undone: false,
  });
};

const deleteTab: Action = (world, random) => {
  const place = random.pick(places(world).filter(({ document }) => Object.keys(document.tabIds).length > 1));
  if (place) world.edit(place.document, [{ deleteSheet: { sheetId: place.sheetId } }]);
};

/** A machine key is lost; somebody restores it later, when told. */
const breakKey: Action = (world, random) => {
  const place = random.pick(places(world));
  if (place)
    world.write(place.document, place.sheetId, 0, random.below(keysOf(place.managed.spec).length), '');
};

/** Puts every damaged key row back, as the alert asks: with the version history, whole tab. */
export function mendKeys(world: World): void {
  for (const { document, managed, sheetId } of places(world)) {
    if (world.read(document, managed) !== null) continue;
    try {
      // Whatever order the columns had is lost: the restored version has the original one.
      const gridProperties = { columnCount: Math.max(26, keysOf(managed.spec).length) };
      const properties = { sheetId, gridProperties };
      world.edit(document, [
        { updateSheetProperties: { properties, fields: 'gridProperties.columnCount' } },
        { updateCells: { range: { sheetId }, fields: 'userEnteredValue' } },
      ]);
      for (const [index, key] of keysOf(managed.spec).entries())
        world.write(document, sheetId, 0, index, key);
    } catch {
      // The tab itself is gone; the service puts it back.
    }
  }
}

/** Runs what persons do; texts that they themselves destroy by it are no longer looked for. */
export async function forgiving(world: World, act: () => Promise<void> | void): Promise<void> {
  const before = world.halfTyped.size === 0 ? new Set<string>() : textsStanding(world);
  await act();
  if (before.size === 0) return;
  const after = textsStanding(world);
  for (const text of world.halfTyped) if (before.has(text) && !after.has(text)) world.halfTyped.delete(text);
}

/** Everything that stands in any queue tab, also in one whose keys are broken. */
export function textsStanding(world: World): Set<string> {
  const texts = new Set<string>();
  for (const { document, sheetId } of queues(world)) {
    try {
      const { valueRanges } = world.google.emulator.sheets.valuesBatchGetByDataFilter(
        document.spreadsheetId,
        {
          dataFilters: [{ gridRange: { sheetId } }],
        },
      );
      for (const row of valueRanges?.[0]?.valueRange?.values ?? [])
        for (const cell of row) texts.add(String(cell));
    } catch {
      // Deleted by a person.
    }
  }
  return texts;
}

/** A teacher whose case is closed asks for erasure, and the administrator runs the command for it. */
const erase: Action = async (world, random) => {
  const closed = await query(world.store.db)
    .selectFrom('cases')
    .select('id')
    .where('state', 'in', FINAL_STATES)
    .where('erased_at', 'is', null)
    .orderBy('id')
    .execute();
  const found = random.pick(closed);
  if (!found) return;
  const context = { ...(await world.service.context()), store: world.store };
  await askErasure(context, found.id, { actor: 'administrator', reason: 'asked for', evenOpen: false });
  await carryOut(context, found.id);
};

export const ACTIONS: Record<string, { weight: number; act: Action }> = {
  submit: { weight: 12, act: submit },
  'edit-response': { weight: 4, act: editResponse },
  decide: { weight: 12, act: decide },
  'half-type': { weight: 5, act: halfType },
  undo: { weight: 3, act: undo },
  'stale-decision': { weight: 3, act: staleDecision },
  'two-instances': { weight: 2, act: twoAtOnce },
  'two-reviewers': { weight: 3, act: twoReviewers },
  'office-action': { weight: 4, act: officeAction },
  'restore-version': { weight: 2, act: restoreVersion },
  'delete-column': { weight: 2, act: deleteColumn },
  dispatch: { weight: 4, act: dispatch },
  sort: { weight: 4, act: sort },
  'insert-row': { weight: 2, act: insertRow },
  'delete-row': { weight: 3, act: deleteRow },
  'delete-labels': { weight: 1, act: deleteLabels },
  'duplicate-row': { weight: 3, act: duplicateRow },
  'move-row': { weight: 2, act: moveRow },
  'move-column': { weight: 2, act: moveColumn },
  'insert-column': { weight: 1, act: insertColumn },
  'own-column': { weight: 2, act: ownColumn },
  'copy-column': { weight: 1, act: copyColumn },
  'older-layout': { weight: 2, act: olderLayout },
  'rename-tab': { weight: 2, act: renameTab },
  'rename-label': { weight: 1, act: renameLabel },
  'paste-block': { weight: 3, act: pasteBlock },
  'overwrite-number': { weight: 3, act: overwriteNumber },
  'garble-number': { weight: 2, act: garbleNumber },
  'cut-paste': { weight: 2, act: cutPaste },
  'duplicate-tab': { weight: 1, act: duplicateTab },
  'waiting-list': { weight: 3, act: waitingList },
  'change-setting': { weight: 3, act: changeSetting },
  'decide-on-overwritten': { weight: 3, act: decideOnOverwritten },
  'delete-tab': { weight: 1, act: deleteTab },
  'break-key': { weight: 1, act: breakKey },
  erase: { weight: 3, act: erase },
  'pass-all': { weight: 5, act: passAll },
  'merge-cells': { weight: 2, act: mergeCells },
};
