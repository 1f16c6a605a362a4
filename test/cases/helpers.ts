import type { Program } from '../../sync-service/src/cases/program-rules.ts';
import { createRegister, type Register } from '../../sync-service/src/cases/register.ts';
import type { RouteFacts } from '../../sync-service/src/cases/routes/conditions.ts';
import { triage } from '../../sync-service/src/cases/triage.ts';
import type { Submission, Verdict } from '../../sync-service/src/cases/types.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';

export const tainan: Program = await loadProgram('programs/tainan-109.yaml');

/** An instant of Taipei wall time: `2020-05-04 10:00:00`. */
export function taipei(text: string): Date {
  return new Date(`${text.replace(' ', 'T')}+08:00`);
}

/** A complete entry that goes to review at the platform. */
export const GOOD = {
  email: 'amy@example.org',
  name: '王小明',
  school: '114705 市立三慈國小',
  level: '進階',
  'school-year': '106',
  'certificate-number': '臺教師(三)字第1069922201號',
  'platform-display': '未顯示證書',
  evidence: 'https://drive.google.com/open?id=abc',
  note: '',
  consent: '我已閱讀並同意',
} as const;

/** What routes may ask about, all of it known. */
export const ROUTE_FACTS: RouteFacts = {
  form: 'f',
  purpose: 'backfill',
  level: 'advanced',
  schoolYear: 106,
  schoolLevel: 'elementary',
  issuer: '臺教師(三)',
  submittedAt: taipei('2020-05-04 10:00:00'),
  sent: new Set(),
  listed: new Set(),
  answers: { role: '現職教師', county: '臺南市' },
};

export interface Entry {
  form?: string;
  at?: string;
  answers?: Record<string, string>;
}

export function entry({
  form = 'advanced-mentor-106-107',
  at = '2020-05-04 10:00:00',
  answers = {},
}: Entry = {}): Submission {
  const receivedAt = taipei(at);
  return {
    form,
    responseId: 'r1',
    revision: receivedAt.toISOString(),
    receivedAt,
    answers: { ...GOOD, ...answers },
    editUrl: 'https://forms.example/r1',
  };
}

export const ENQUIRY = {
  form: 'training-record-problem',
  answers: { description: '105年研習18小時查無紀錄' },
};

export function receive(
  what: Entry = {},
  register: Register = createRegister(),
  program: Program = tainan,
): Verdict {
  return triage(program, entry(what), register);
}

/** Triages one after the other, each entered in the register as `a`, `b`, `c`, … */
export function triageAll(...entries: Entry[]): Verdict[] {
  const register = createRegister();
  return entries.map((each, i) => {
    const verdict = receive(each, register);
    register.enter('abcdefgh'.charAt(i), each.form ?? 'advanced-mentor-106-107', verdict);
    return verdict;
  });
}

/** A copy of the Tainan program that a test may change. */
export function changed(change: (program: Program) => void): Program {
  const program = structuredClone(tainan);
  change(program);
  return program;
}

/** The program as it asks every teacher for the identity number. */
export function askingForId(required: boolean): Program {
  return changed((program) => {
    program.asksIdNumber = true;
    for (const form of program.forms)
      form.fields.push({
        key: 'id-number',
        title: '身分證統一編號',
        help: '',
        type: 'text',
        required,
        sensitive: true,
        show: true,
      });
  });
}
