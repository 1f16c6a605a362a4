import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keysIn } from '../../contract/records.ts';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { programJsonSchema } from '../../sync-service/src/program/load.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { closedMessage, responderPermission } from '../../sync-service/src/provisioning/form-doors.ts';
import { formRequests } from '../../sync-service/src/provisioning/forms.ts';
import { openTestStore } from '../ledger/stores.ts';
import { FILE, type Json } from './effects/file.ts';
import { letterOf, officeRun } from './effects/ledger.ts';
import {
  copyOf,
  dates,
  decisions,
  documents,
  load,
  notices,
  printed,
  refusal,
  settings,
  verdicts,
} from './effects/observe.ts';

/**
 * Every key of the program file does something: changed, it changes what the office can see, in the part that is named
 * here. A key that is added to the schema fails this test until somebody can say what it does.
 */

let store: Store;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

const PARTS = {
  /** What triage says of each entry. */
  verdict: (program: Program) => verdicts(program).map(({ rest }) => rest),
  notice: (program: Program) => notices(program),
  decision: (program: Program) => decisions(program),
  dates: (program: Program) => dates(program),
  settings: (program: Program) => settings(program),
  documents: (program: Program) => documents(program),
  printed: (program: Program) => printed(program),
  ledger: (program: Program) => officeRun(store, program),
  /** The mail with a roster, and the roster. */
  letter: (program: Program) => letterOf(store, program),
  /** What Google is asked to make of each form. */
  form: (program: Program) =>
    program.forms.map((form) => [
      form.title,
      formRequests(program, form),
      responderPermission(program),
      closedMessage(program, form),
    ]),
};
type Part = keyof typeof PARTS;
const PART_NAMES = keysIn(PARTS);

type Change = (file: { [key: string]: Json }) => void;

/** Writes another value at a place like `forms.0.window.to`. */
function set(path: string, value: Json): Change {
  return (file) => {
    const parts = path.split('.');
    let place: Json = file;
    for (const part of parts.slice(0, -1)) place = inside(place, part);
    const last = parts.at(-1) ?? '';
    if (Array.isArray(place)) place[Number(last)] = value;
    else if (typeof place === 'object' && place !== null) place[last] = value;
  };
}

function inside(place: Json, part: string): Json {
  const found = Array.isArray(place)
    ? place[Number(part)]
    : typeof place === 'object'
      ? place?.[part]
      : undefined;
  if (found === undefined) throw new Error(`the file has no ${part} here`);
  return found;
}

/** The same name changed wherever the file says it. */
function rename(from: string, to: string): Change {
  return (file) => {
    const renamed = JSON.parse(JSON.stringify(file).replaceAll(`"${from}"`, `"${to}"`)) as typeof file;
    for (const key of Object.keys(file)) delete file[key];
    Object.assign(file, renamed);
  };
}

const privacy = (item: string): [Change, Part] => [set(`forms.0.privacyNotice.${item}`, '別的'), 'form'];

/** By key: a change, and where it is seen. `refused`: the key may not stand there, and the loader says why. */
const EFFECTS: Record<string, [change: Change, seen: Part | 'refused']> = {
  key: [set('key', 'other'), 'ledger'],
  title: [set('title', '別的計畫'), 'notice'],
  version: [set('version', '2'), 'ledger'],
  office: [
    (file) => {
      file.contacts = {};
      file.office = '別的機關';
      for (const owner of [inside(file.queues ?? null, '0'), inside(file.forms ?? null, '0')])
        if (typeof owner === 'object' && owner !== null && !Array.isArray(owner)) delete owner.contact;
    },
    'notice',
  ],
  casePrefix: [set('casePrefix', 'OTHER'), 'ledger'],
  'schools.file': [set('schools.file', 'other.csv'), 'refused'],
  'schools.mustMatch': [set('schools.mustMatch', false), 'verdict'],
  asksIdNumber: [set('asksIdNumber', false), 'refused'],
  mentorYears: [set('mentorYears', 5), 'verdict'],
  discouragedDomains: [set('discouragedDomains', []), 'verdict'],
  retentionMonths: [set('retentionMonths', 12), 'dates'],
  graceSeconds: [set('graceSeconds', 30), 'ledger'],
  'deadlines.correctionDays': [set('deadlines.correctionDays', 7), 'dates'],
  'deadlines.reminderDays': [set('deadlines.reminderDays', 4), 'ledger'],
  'deadlines.reviewDays': [set('deadlines.reviewDays', 30), 'dates'],
  'deadlines.nextWorkingDay': [set('deadlines.nextWorkingDay', false), 'dates'],
  holidays: [set('holidays', ['other.csv']), 'refused'],
  responders: [set('responders', 'domain:example.edu.tw'), 'form'],
  administrators: [set('administrators', ['other@office.example']), 'ledger'],
  'contacts.office': [set('contacts.main.office', '別的窗口'), 'notice'],
  'contacts.phone': [set('contacts.main.phone', '02-1'), 'notice'],
  'contacts.email': [set('contacts.main.email', null), 'notice'],
  'queues.key': [rename('desk', 'table'), 'documents'],
  'queues.label': [set('queues.0.label', '別的'), 'documents'],
  'queues.title': [set('queues.0.title', '別的小組'), 'notice'],
  'queues.contact': [set('queues.0.contact', 'other'), 'notice'],
  'queues.window.open': [set('queues.0.window.open', false), 'dates'],
  'queues.window.from': [set('queues.0.window.from', '113-02-01'), 'dates'],
  'queues.window.to': [
    (file) => {
      set('queues.0.window.extensions', [])(file);
      set('queues.0.window.to', '113-05-01')(file);
    },
    'dates',
  ],
  'queues.window.extensions.to': [set('queues.0.window.extensions.0.to', '113-10-10'), 'dates'],
  'queues.window.extensions.reason': [set('queues.0.window.extensions.0.reason', '地震'), 'settings'],
  'queues.window.rounds': [set('queues.1.window', {}), 'dates'],
  'queues.window.notice': [set('queues.2.window.notice', '113-02-01'), 'dates'],
  'queues.window.daysAfterNotice': [set('queues.3.window.daysAfterNotice', 9), 'dates'],
  'queues.window.monthsAfterCertificate': [set('queues.0.window.monthsAfterCertificate', 6), 'refused'],
  'rounds.key': [rename('spring', 'first'), 'settings'],
  'rounds.title': [set('rounds.0.title', '春季'), 'settings'],
  'rounds.from': [set('rounds.0.from', '113-02-01'), 'verdict'],
  'rounds.to': [set('rounds.0.to', '113-05-01'), 'verdict'],
  'rosters.key': [
    (file) => {
      rename('list', 'other-list')(file);
      set('routes.10.when.listed', 'list')(file);
    },
    'refused',
  ],
  'rosters.title': [set('rosters.0.title', '別的名冊'), 'verdict'],
  'rosters.file': [set('rosters.0.file', 'other.csv'), 'refused'],
  'forms.key': [rename('apply', 'request'), 'settings'],
  'forms.title': [set('forms.0.title', '別的表單'), 'form'],
  'forms.description': [set('forms.0.description', '別的說明。'), 'form'],
  'forms.privacyNotice.office': privacy('office'),
  'forms.privacyNotice.purpose': privacy('purpose'),
  'forms.privacyNotice.classes': privacy('classes'),
  'forms.privacyNotice.use': privacy('use'),
  'forms.privacyNotice.rights': privacy('rights'),
  'forms.privacyNotice.consequence': privacy('consequence'),
  'forms.purpose': [set('forms.2.purpose', 'enquiry'), 'verdict'],
  'forms.level': [set('forms.1.level', 'mentor'), 'verdict'],
  'forms.window.open': [set('forms.0.window.open', false), 'verdict'],
  'forms.window.from': [set('forms.0.window.from', '113-02-01'), 'verdict'],
  'forms.window.to': [
    (file) => {
      set('forms.0.window.extensions', [])(file);
      set('forms.0.window.to', '113-06-25')(file);
    },
    'verdict',
  ],
  'forms.window.extensions.to': [set('forms.0.window.extensions.0.to', '113-08-01'), 'verdict'],
  'forms.window.extensions.reason': [set('forms.0.window.extensions.0.reason', '地震'), 'settings'],
  'forms.window.rounds': [set('forms.1.window', {}), 'verdict'],
  'forms.window.notice': [set('forms.2.window.notice', '113-03-02'), 'verdict'],
  'forms.window.daysAfterNotice': [set('forms.2.window.daysAfterNotice', 13), 'verdict'],
  'forms.window.monthsAfterCertificate': [set('forms.3.window.monthsAfterCertificate', 5), 'verdict'],
  'forms.fields.show': [set('forms.0.fields.8.show', false), 'decision'],
  'forms.contact': [set('forms.0.contact', 'main'), 'form'],
  'forms.unique': [set('forms.1.unique', 'none'), 'verdict'],
  'forms.notNeeded.field': [set('forms.0.notNeeded.field', 'name'), 'verdict'],
  'forms.notNeeded.values': [set('forms.0.notNeeded.values', ['別的']), 'verdict'],
  'forms.fields.key': [set('forms.0.fields.8.key', 'display'), 'refused'],
  'forms.fields.title': [set('forms.0.fields.1.title', '您的姓名'), 'form'],
  'forms.fields.help': [set('forms.0.fields.1.help', '別的'), 'form'],
  'forms.fields.type': [set('forms.0.fields.1.type', 'paragraph'), 'form'],
  'forms.fields.options.value': [set('forms.0.fields.4.options.0.value', '初階'), 'form'],
  'forms.fields.required': [set('forms.0.fields.7.required', false), 'verdict'],
  'forms.fields.sensitive': [set('forms.0.fields.1.sensitive', false), 'printed'],
  'stages.label': [set('stages.elsewhere.label', '別的地方'), 'verdict'],
  'stages.kind': [set('stages.elsewhere.kind', 'record-only'), 'verdict'],
  'stages.queue': [set('stages.confirm.queue', 'panel'), 'verdict'],
  'stages.secondQueue': [set('stages.two.secondQueue', 'each'), 'decision'],
  'routes.key': [set('routes.11.key', 'remaining'), 'verdict'],
  'routes.when.level': [set('routes.4.when.level', 'mentor'), 'verdict'],
  'routes.when.submitted.from': [set('routes.8.when.submitted.from', '113-06-02'), 'verdict'],
  'routes.when.submitted.to': [set('routes.8.when.submitted.to', '113-06-19'), 'verdict'],
  'routes.when.schoolYear.from': [set('routes.5.when.schoolYear.from', 110), 'verdict'],
  'routes.when.schoolYear.to': [set('routes.4.when.schoolYear.to', 104), 'verdict'],
  'routes.when.role': [set('routes.1.when.role', '代課教師'), 'verdict'],
  'routes.when.field': [set('routes.2.when.field', { county: '青山縣' }), 'verdict'],
  'routes.when.issuer': [set('routes.6.when.issuer', '藍海教'), 'verdict'],
  'routes.when.schoolLevel': [set('routes.7.when.schoolLevel', 'junior'), 'verdict'],
  'routes.when.form': [set('routes.0.when.form', 'noticed'), 'verdict'],
  'routes.when.purpose': [set('routes.3.when.purpose', 'backfill'), 'refused'],
  'routes.when.sent': [set('routes.9.when.sent', 'noticed'), 'verdict'],
  'routes.when.listed': [set('routes.10.when', { form: 'noticed' }), 'verdict'],
  'routes.form': [set('routes.11.form', null), 'verdict'],
  'routes.stages': [set('routes.11.stages', ['confirm']), 'verdict'],
  'routes.next': [set('routes.11.next', '別的下一步。'), 'notice'],
  'outcomes.key': [set('outcomes.0.key', 'accept'), 'decision'],
  'outcomes.label': [set('outcomes.0.label', '准予'), 'decision'],
  'outcomes.trigger': [set('outcomes.0.trigger', 'rejected'), 'decision'],
  'outcomes.reasonRequired': [set('outcomes.0.reasonRequired', true), 'decision'],
  'outcomes.stages': [set('outcomes.0.stages', ['review', 'two-stage-review', 'answer-only']), 'decision'],
  'outcomes.queues': [set('outcomes.1.queues', ['desk', 'panel']), 'decision'],
  'outcomes.to': [set('outcomes.5.to', 'each'), 'decision'],
  'outcomes.resumeAt': [set('outcomes.4.resumeAt', 'review'), 'decision'],
  'letter.receiver': [set('letter.receiver', '別的受文者'), 'letter'],
  'letter.basis': [set('letter.basis', '依據別的計畫辦理。'), 'letter'],
  'letter.subject': [set('letter.subject', '檢送{{roster}}。'), 'letter'],
  'letter.explanation': [set('letter.explanation', ['計{{count}}件。']), 'letter'],
  'letter.roster': [set('letter.roster', '{{year}}年度名冊'), 'letter'],
  'letter.checkColumn': [set('letter.checkColumn', '備註'), 'letter'],
  sentences: [set('sentences', { 'name.missing': '別的句子。' }), 'notice'],
};

interface Node {
  properties?: Record<string, Node>;
  items?: Node;
  additionalProperties?: Node | boolean;
  anyOf?: Node[];
}

/** `forms.window.open`, of every key that holds no others; the office's own names under a record are left out. */
function leavesOf(node: Node, path: string[] = []): string[] {
  const named = Object.entries(node.properties ?? {}).flatMap(([key, child]) =>
    leavesOf(child, [...path, key]),
  );
  const { items, additionalProperties, anyOf = [] } = node;
  const unnamed = [items, additionalProperties, ...anyOf].filter((child) => typeof child === 'object');
  const below = [...named, ...unnamed.flatMap((child) => leavesOf(child, path))].filter(
    (leaf) => leaf !== path.join('.'),
  );
  return below.length > 0 ? below : path.length > 0 ? [path.join('.')] : [];
}

const LEAVES = [...new Set(leavesOf(programJsonSchema() as Node))];

describe('a key of the program file', () => {
  it('is one whose effect is known', () => {
    expect(LEAVES.length).toBeGreaterThan(85);
    expect(Object.keys(EFFECTS).toSorted()).toEqual(LEAVES.toSorted());
  });

  it('stands in the sample', async () => {
    expect(await refusal(FILE)).toEqual([]);
  });

  const seenIn = async (part: Part, program: Program) => JSON.stringify(await PARTS[part](program));
  const seen = new Map<Part, Promise<string>>();
  const before = (part: Part) => {
    const known = seen.get(part) ?? load(FILE).then((program) => seenIn(part, program));
    seen.set(part, known);
    return known;
  };

  it.each(PART_NAMES)('unchanged, it changes nothing in %s', async (part) => {
    expect(await seenIn(part, await load(copyOf(FILE)))).toBe(await before(part));
  });

  it.each(Object.entries(EFFECTS))('%s changes what is seen', async (_key, [change, part]) => {
    const file = copyOf(FILE);
    change(file);
    if (part === 'refused') {
      expect(await refusal(file)).not.toEqual([]);
      return;
    }
    expect(await seenIn(part, await load(file))).not.toBe(await before(part));
  });
});
