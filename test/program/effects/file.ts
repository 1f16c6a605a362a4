/**
 * A program that uses every key of the schema, as an office would write it. Written as JSON, which is YAML too.
 */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

const PERSON: Json[] = [
  { key: 'email', title: '電子郵件', type: 'email' },
  { key: 'name', title: '姓名', type: 'text', sensitive: true, help: '與證書相同' },
  { key: 'school', title: '服務學校', type: 'text' },
  { key: 'consent', title: '同意', type: 'consent', options: [{ value: '我同意' }] },
];
const PRIVACY: Json = {
  office: '機關',
  purpose: '目的',
  classes: '類別',
  use: '利用',
  rights: '權利',
  consequence: '影響',
};

export const FILE: { [key: string]: Json } = {
  key: 'everything',
  title: '全部都有的計畫',
  version: '1',
  office: '教育局',
  casePrefix: 'ALL113',
  schools: { file: 'schools.csv', mustMatch: true },
  asksIdNumber: true,
  mentorYears: 10,
  discouragedDomains: ['slow.example'],
  retentionMonths: 24,
  responders: 'anyone',
  graceSeconds: 120,
  deadlines: { correctionDays: 5, reminderDays: 1, reviewDays: 14, nextWorkingDay: true },
  holidays: ['holidays.csv'],
  administrators: ['admin@office.example'],
  contacts: {
    main: { office: '承辦窗口', phone: '06-1234567', email: 'main@office.example' },
    other: { office: '另一窗口', phone: '06-7654321', email: null },
  },
  queues: [
    {
      key: 'desk',
      label: '承辦',
      title: '承辦小組',
      contact: 'main',
      window: {
        open: true,
        from: '113-03-10',
        to: '113-08-31',
        extensions: [{ to: '113-09-10', reason: '颱風' }],
      },
    },
    { key: 'panel', label: '審查會', window: { rounds: ['spring'] } },
    { key: 'answers', label: '查核', window: { notice: '113-03-01', daysAfterNotice: 60 } },
    { key: 'each', label: '逐件', window: { daysAfterNotice: 7 } },
  ],
  rounds: [{ key: 'spring', title: '第一梯次', from: '113-03-01', to: '113-04-15' }],
  rosters: [{ key: 'list', title: '報送名冊', file: 'people.csv' }],
  forms: [
    {
      key: 'apply',
      title: '申請',
      description: '請先看說明。',
      privacyNotice: PRIVACY,
      contact: 'other',
      window: {
        open: true,
        from: '113-03-01',
        to: '113-06-30',
        extensions: [{ to: '113-07-15', reason: '停班' }],
      },
      notNeeded: { field: 'shown', values: ['有字號'] },
      fields: [
        ...PERSON,
        {
          key: 'level',
          title: '類別',
          type: 'choice',
          options: [{ value: '進階' }, { value: '教學輔導教師' }],
        },
        { key: 'school-year', title: '學年度', type: 'text' },
        { key: 'certificate-number', title: '證書字號', type: 'text' },
        { key: 'evidence', title: '證明文件', type: 'file' },
        { key: 'shown', title: '平臺顯示', type: 'text', required: false },
        { key: 'id-number', title: '身分證', type: 'text', required: false },
        { key: 'remark', title: '補充', type: 'text', required: false },
      ],
    },
    {
      key: 'ask',
      title: '詢問',
      privacyNotice: PRIVACY,
      purpose: 'enquiry',
      level: 'initial',
      unique: ['description'],
      window: { rounds: ['spring'] },
      fields: [
        ...PERSON,
        { key: 'description', title: '問題', type: 'paragraph' },
        { key: 'role', title: '身分', type: 'text', required: false },
        { key: 'county', title: '縣市', type: 'text', required: false },
      ],
    },
    {
      key: 'noticed',
      title: '通知後',
      privacyNotice: PRIVACY,
      window: { notice: '113-03-01', daysAfterNotice: 14 },
      fields: PERSON,
    },
    {
      key: 'months',
      title: '半年內',
      privacyNotice: PRIVACY,
      window: { monthsAfterCertificate: 6 },
      fields: [...PERSON, { key: 'school-year', title: '學年度', type: 'text' }],
    },
  ],
  stages: {
    compile: { label: '彙整', kind: 'compile-and-dispatch', queue: 'desk' },
    review: { label: '審核', kind: 'review', queue: 'desk' },
    two: { label: '初審複審', kind: 'two-stage-review', queue: 'desk', secondQueue: 'panel' },
    confirm: { label: '確認', kind: 'review', queue: 'each' },
    answer: { label: '查核回覆', kind: 'answer-only', queue: 'answers' },
    elsewhere: { label: '請洽他處', kind: 'redirect-only' },
  },
  routes: [
    { key: 'half-year', when: { form: 'months' }, form: 'months', stages: ['review'] },
    { key: 'deputies', when: { role: '代理教師' }, form: 'ask', stages: ['elsewhere'], next: '請洽人事。' },
    { key: 'county', when: { field: { county: '綠川縣' } }, form: 'ask', stages: ['answer', 'confirm'] },
    { key: 'enquiries', when: { purpose: 'enquiry' }, form: 'ask', stages: ['answer'] },
    {
      key: 'old',
      when: { schoolYear: { to: 105 }, level: 'advanced' },
      form: 'apply',
      stages: ['compile', 'review'],
    },
    {
      key: 'new',
      when: { schoolYear: { from: 112 } },
      form: null,
      stages: ['elsewhere'],
      next: '請洽教育部。',
    },
    { key: 'green', when: { issuer: '綠川教' }, form: 'apply', stages: ['two', 'confirm'] },
    { key: 'senior', when: { schoolLevel: 'senior' }, form: 'apply', stages: ['confirm'] },
    {
      key: 'summer',
      when: { submitted: { from: '113-06-01', to: '113-06-20' } },
      form: 'apply',
      stages: ['confirm', 'review'],
    },
    { key: 'known', when: { sent: 'ask' }, form: 'apply', stages: ['two'] },
    { key: 'listed', when: { listed: 'list' }, form: 'apply', stages: ['review', 'confirm'] },
    { key: 'rest', when: {}, form: 'apply', stages: ['review'], next: '由承辦審核。' },
  ],
  outcomes: [
    { key: 'approve', label: '通過', trigger: 'approved', stages: ['review', 'two-stage-review'] },
    { key: 'pass', label: '送複審', trigger: 'passed', stages: ['two-stage-review'], queues: ['desk'] },
    { key: 'compile', label: '列入名冊', trigger: 'compiled', stages: ['compile-and-dispatch'] },
    {
      key: 'answer',
      label: '回覆',
      trigger: 'answered',
      reasonRequired: true,
      stages: ['answer-only'],
    },
    { key: 'return', label: '退回', trigger: 'returned', reasonRequired: true, resumeAt: 'confirm' },
    { key: 'forward', label: '轉審查會', trigger: 'forwarded', to: 'panel' },
  ],
  letter: {
    receiver: '受文者',
    basis: '依據計畫辦理。',
    subject: '檢送{{roster}}1份，請查照。',
    explanation: ['本批計{{count}}件。'],
    roster: '{{program}}名冊',
    checkColumn: '核對',
  },
  sentences: { 'name.missing': '請填姓名。' },
};

export const SCHOOLS =
  'code,name,county,level\n100601,縣立山腳國小,青山縣,elementary\n100401,縣立山頂高中,青山縣,senior\n';
export const HOLIDAYS = '西元日期,是否放假\n20240404,2\n20241231,0\n';
export const PEOPLE = '姓名\n在冊者\n';
