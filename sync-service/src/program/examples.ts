import { CONDITION_KEYS, ROUTE_CONDITIONS } from '../cases/routes/conditions.ts';

/** An example for each place of the file, by its path without indexes. The longest match is shown. */
const EXAMPLES: Record<string, string> = {
  '': 'key: tainan-109',
  key: 'key: tainan-109',
  title: 'title: 臺南市109年度專業回饋人才證書補登',
  office: 'office: 臺南市政府教育局',
  casePrefix: 'casePrefix: TN109',
  schools: 'schools: { file: schools-tainan.csv }',
  asksIdNumber: 'asksIdNumber: false',
  version: "version: '1'",
  mentorYears: 'mentorYears: 10',
  administrators: 'administrators: [admin@office.example]',
  discouragedDomains: 'discouragedDomains: [tn.edu.tw]',
  deadlines: 'deadlines: { correctionDays: 5, reminderDays: 1, reviewDays: 14 }',
  'deadlines.nextWorkingDay': 'deadlines: { correctionDays: 5, nextWorkingDay: false }',
  holidays: 'holidays: [holidays-109.csv]',
  retentionMonths: 'retentionMonths: 24',
  graceSeconds: 'graceSeconds: 120',
  contacts: 'contacts: { main: { office: 市教專中心, phone: 06-0000000, email: null } }',
  queues: 'queues: [{ key: city-center, label: 市教專中心, contact: main }]',
  responders: 'responders: anyone',
  rounds: 'rounds: [{ key: first, title: 第一梯次, from: 109-03-01, to: 109-03-31 }]',
  forms: 'forms: [{ key: initial, title: …, privacyNotice: …, fields: […] }]',
  rosters: 'rosters: [{ key: school-list, title: 學校報送名冊, file: teachers.csv }]',
  'queues.window': 'window: { from: 109-07-01, to: 109-08-31 }',
  'forms.window': 'window: { open: true, from: 109-04-20, to: 109-07-03 }',
  'forms.privacyNotice':
    'privacyNotice: { office: …, purpose: …, classes: …, use: …, rights: …, consequence: … }',
  'forms.purpose': 'purpose: backfill',
  'forms.notNeeded': 'notNeeded: { field: platform-display, values: [有顯示證書字號但無顯示年度] }',
  'forms.fields': '{ key: name, title: 姓名, type: text, required: true, sensitive: true }',
  'forms.fields.type': 'type: text（或 paragraph、choice、file、email、consent）',
  'forms.fields.options': 'options: [{ value: 進階 }, { value: 教學輔導教師 }]',
  letter: 'letter: { receiver: 教師專業發展支持作業平臺, basis: 依據教育部109年4月10日函辦理。 }',
  stages: 'stages: { center-review: { label: 市教專中心審核, kind: review, queue: city-center } }',
  'stages.kind': 'kind: review',
  routes: '{ key: initial, when: { level: initial }, form: initial, stages: [center-review], next: … }',
  'routes.when': 'when: { level: [advanced, mentor], schoolYear: { from: 106, to: 107 } }',
  ...Object.fromEntries(
    CONDITION_KEYS.map((key) => [`routes.when.${key}`, ROUTE_CONDITIONS[key].docs.example]),
  ),
  'routes.stages': 'stages: [center-review]',
  outcomes: '{ key: approve, label: 通過登錄, trigger: approved }',
  sentences: 'sentences: { school.unknown: 查無此校，請填學校代碼。 }',
};

export function exampleFor(path: readonly PropertyKey[]): string {
  const names = path.filter((part) => typeof part === 'string');
  // Under a record (contacts, stages) the second name is the office's own.
  if (names[0] === 'stages' || names[0] === 'contacts') names.splice(1, 1);
  for (let length = names.length; length > 0; length -= 1) {
    const example = EXAMPLES[names.slice(0, length).join('.')];
    if (example) return example;
  }
  return EXAMPLES[''] ?? '';
}

/** `forms[0].fields[2].type`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : `${text}${text ? '.' : ''}${String(part)}`,
    '',
  );
}
