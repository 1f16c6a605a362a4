import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decideMove, outcomesAt, type StagePosition } from '../../../sync-service/src/cases/decision.ts';
import { retentionEnd } from '../../../sync-service/src/cases/calendar/retention.ts';
import { outsideReview, reviewDueAt } from '../../../sync-service/src/cases/calendar/review-window.ts';
import { keysOf } from '../../../contract/tabs.ts';
import type { Program } from '../../../sync-service/src/cases/program-rules.ts';
import { createRegister } from '../../../sync-service/src/cases/register.ts';
import { triage } from '../../../sync-service/src/cases/triage.ts';
import type { Submission } from '../../../sync-service/src/cases/types.ts';
import { caseNoticeData } from '../../../sync-service/src/casework/case-notice.ts';
import { correctionDueAt } from '../../../sync-service/src/casework/correction-deadline.ts';
import { settingsOf } from '../../../sync-service/src/casework/program-settings.ts';
import { explanationOf } from '../../../sync-service/src/cli/output/dry-run-tables.ts';
import type { Case } from '../../../sync-service/src/ledger/schema.ts';
import { ProgramError } from '../../../sync-service/src/program/error.ts';
import { loadProgram } from '../../../sync-service/src/program/load.ts';
import { documentPlans } from '../../../sync-service/src/provisioning/office.ts';
import { queueTabs } from '../../../sync-service/src/tabs/registry.ts';
import { taipei } from '../../cases/helpers.ts';
import { type Json, HOLIDAYS, PEOPLE, SCHOOLS } from './file.ts';

/** What the office does with a program file, part by part, as far as no ledger is needed. */

/** Loads a program as from an office's folder. @throws ProgramError */
export async function load(file: Json): Promise<Program> {
  const folder = mkdtempSync(join(tmpdir(), 'budeng-effects-'));
  try {
    writeFileSync(join(folder, 'everything.yaml'), JSON.stringify(file));
    writeFileSync(join(folder, 'schools.csv'), SCHOOLS);
    writeFileSync(join(folder, 'people.csv'), PEOPLE);
    writeFileSync(join(folder, 'holidays.csv'), HOLIDAYS);
    return await loadProgram(join(folder, 'everything.yaml'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the loader says against a file. */
export async function refusal(file: Json): Promise<string[]> {
  try {
    await load(file);
    return [];
  } catch (error) {
    if (error instanceof ProgramError) return error.faults.map(({ path, wrong }) => `${path}：${wrong}`);
    throw error;
  }
}

const COMPLETE = {
  email: 'teacher@example.org',
  name: '王小明',
  school: '縣立山腳國小',
  consent: '我同意',
  level: '進階',
  'school-year': '110',
  'certificate-number': '青教字第1號',
  evidence: 'https://drive.google.com/open?id=1',
  description: '哪一場研習',
};

function entry(
  form: string,
  answers: Record<string, string> = {},
  at = '2024-03-12 10:00:00',
): Submission & { answers: Record<string, string> } {
  const receivedAt = taipei(at);
  return {
    form,
    responseId: `${form}-${at}-${JSON.stringify(answers)}`,
    revision: receivedAt.toISOString(),
    receivedAt,
    answers: { ...COMPLETE, ...answers },
    editUrl: 'https://forms.example/edit',
  };
}

/** One of each kind that the file tells apart, and both sides of every edge of a window. */
export const ENTRIES: readonly Submission[] = [
  entry('apply'),
  entry('apply', { name: '另一人', 'certificate-number': '青教字第2號', email: 'x@slow.example' }),
  entry('apply', { name: '', evidence: '', 'id-number': 'A123456788' }),
  entry('apply', { name: '無須者', shown: '有字號' }),
  entry('apply', {
    name: '老教輔',
    level: '教學輔導教師',
    'school-year': '103',
    'certificate-number': '青教字第3號',
  }),
  entry('apply', { name: '老進階', 'school-year': '105', 'certificate-number': '青教字第4號' }),
  entry('apply', { name: '今年', 'school-year': '112', 'certificate-number': '青教字第5號' }),
  entry('apply', { name: '綠川人', 'certificate-number': '綠川教字第6號' }),
  entry('apply', { name: '高中師', school: '縣立山頂高中', 'certificate-number': '青教字第7號' }),
  entry('apply', { name: '校名不明', school: '不知名國小', 'certificate-number': '青教字第8號' }),
  entry('apply', { name: '六月一', 'certificate-number': '青教字第9號' }, '2024-06-01 08:00:00'),
  entry('apply', { name: '六月廿', 'certificate-number': '青教字第10號' }, '2024-06-20 08:00:00'),
  entry('apply', { name: '在冊者', 'certificate-number': '青教字第11號' }),
  entry('ask', { name: '問過者' }),
  entry('apply', { name: '問過者', 'certificate-number': '青教字第12號' }),
  entry('ask', { name: '代理者', role: '代理教師' }),
  entry('ask', { name: '綠川縣者', county: '綠川縣' }),
  entry('ask', { name: '重問者', description: '同一件事' }),
  entry('ask', { name: '重問者', description: '同一件事' }, '2024-03-13 10:00:00'),
  entry('apply', { name: '太早' }, '2024-02-29 10:00:00'),
  entry('apply', { name: '七月一', 'certificate-number': '青教字第13號' }, '2024-07-01 10:00:00'),
  entry('apply', { name: '太晚' }, '2024-07-16 10:00:00'),
  entry('ask', { name: '梯次外' }, '2024-04-16 10:00:00'),
  entry('ask', { name: '梯次前' }, '2024-02-29 10:00:00'),
  entry('noticed', { name: '通知內' }, '2024-03-15 10:00:00'),
  entry('noticed', { name: '通知外' }, '2024-03-16 10:00:00'),
  entry('months', { name: '半年內', 'school-year': '2024/1/10' }, '2024-07-01 10:00:00'),
  entry('months', { name: '半年外', 'school-year': '2023/1/10' }, '2024-07-20 10:00:00'),
];

/** Each entry's verdict, with every reason in words. */
export function verdicts(program: Program) {
  const register = createRegister();
  return ENTRIES.filter(({ form }) => program.forms.some(({ key }) => key === form)).map(
    (submission, index) => {
      const verdict = triage(program, submission, register);
      register.enter(`${index}`, submission.form, verdict, submission.answers);
      const { facts: _, ...rest } = verdict;
      return { submission, verdict, rest };
    },
  );
}

/** What `triage --explain` prints of the first entry. */
export function printed(program: Program): string[] {
  return verdicts(program)
    .slice(0, 1)
    .map(({ submission, verdict }) => {
      const line = { ...verdict, form: submission.form, row: 2 };
      return explanationOf(program, { line, verdict, submission }, { full: false });
    });
}

const NOW = taipei('2024-03-20 09:00:00');

/** What mails say of a case at each desk, and before one. */
export function notices(program: Program) {
  return verdicts(program).flatMap(({ submission, verdict }) =>
    [verdict.queue, null, ...program.queues.map(({ key }) => key)].map((queue) =>
      caseNoticeData({ program, clock: { now: () => NOW } }, caseOf(submission, verdict, queue)),
    ),
  );
}

function caseOf(submission: Submission, verdict: ReturnType<typeof triage>, queue: string | null): Case {
  return {
    id: 1,
    number: 'ALL113-000001',
    program: 'everything',
    form: submission.form,
    response_id: submission.responseId,
    revision: 1,
    revision_at: submission.revision,
    state: verdict.outcome === 'correction' ? 'needs-correction' : 'in-review',
    queue,
    route: verdict.route,
    stage: 0,
    episode: 0,
    batch: null,
    handover: '',
    letter_number: '',
    letter_date: '',
    moved: verdict.moved,
    received_at: submission.receivedAt,
    changed_at: submission.receivedAt,
    due_at: null,
    email: verdict.facts.email ?? '',
    edit_url: submission.editUrl,
    answers: submission.answers,
    facts: verdict.facts,
    findings: verdict.warnings,
    problems: verdict.problems,
    changed: [],
    result: '',
    duplicate_of: verdict.duplicateOf,
    name_key: verdict.facts.nameKey,
    school_key: null,
    level: verdict.facts.level,
    school_year: verdict.facts.schoolYear,
    certificate_key: verdict.facts.certificateKey,
    program_version: null,
    erased_at: null,
  };
}

/** What reviewers may choose at every point of every route, with and without a reason, and where it leads. */
export function decisions(program: Program) {
  const positions = program.routes.flatMap((route) =>
    route.stages.flatMap((_, stage) =>
      program.queues.map(
        ({ key }): StagePosition => ({ state: 'in-review', route: route.key, stage, queue: key }),
      ),
    ),
  );
  return {
    moves: positions.flatMap((position) =>
      outcomesAt(program, position).flatMap((outcome) =>
        ['', '理由'].map((reason) => [
          outcome.key,
          outcome.label,
          decideMove(program, position, outcome, reason),
        ]),
      ),
    ),
    dropDowns: program.queues.map(({ key }) =>
      queueTabs([program], key).map((tab) => [keysOf(tab.spec), tab.look(program)]),
    ),
  };
}

const DAYS = ['2024-02-20', '2024-03-05', '2024-03-20', '2024-05-05', '2024-09-05', '2024-09-20'];

/** When something is due or over. */
export function dates(program: Program) {
  const instants = DAYS.map((day) => taipei(`${day} 09:00:00`));
  return {
    review: program.queues.flatMap(({ key }) =>
      instants.map((at) => [outsideReview(program, key, at), reviewDueAt(program, key, at)]),
    ),
    correction: correctionDueAt(program, NOW),
    retention: retentionEnd(program, NOW),
  };
}

/** The rows of the settings tab. */
export function settings(program: Program) {
  return [...settingsOf(program)].map(([key, setting]) => [
    key,
    setting.label,
    setting.show(program),
    setting.remark?.(program),
  ]);
}

/** The spreadsheets that are made, by role and title, with their tabs. */
export function documents(program: Program) {
  return documentPlans(program).map(({ role, title, keys }) => [role, title, [...keys.keys()]]);
}

/** A file that may be changed. */
export function copyOf(file: Json): { [key: string]: Json } {
  return structuredClone(file) as { [key: string]: Json };
}
