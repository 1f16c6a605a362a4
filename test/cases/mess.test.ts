import type { TriageLine } from '../../sync-service/src/cli/output/dry-run-tables.ts';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSchool } from '../../sync-service/src/cases/reading/schools.ts';
import { readResponses, type ResponseRow } from '../../sync-service/src/cli/files/responses.ts';
import { triageRows } from '../../sync-service/src/cli/output/dry-run.ts';
import { tainan } from './helpers.ts';

const SAMPLE = 'test/fixtures/responses-sample';
const rows = await readResponses(tainan, SAMPLE);
const expected = new Map(
  readFileSync(`${SAMPLE}/expected.jsonl`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as TriageLine)
    .map((line) => [`${line.form}:${line.row}`, line]),
);

const wide = (text: string) => text.replace(/[!-~]/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const wideDigits = (text: string) =>
  text.replace(/\d/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0));
const spaced = (text: string) => [...text].join(' ');
const padded = (text: string) => `　${text} `;

type Change = (text: string) => string;
/** Other ways to type the same thing: a clerk would not judge any of them otherwise. */
const CHANGES: Record<string, Change[]> = {
  name: [padded, spaced, (text) => text.replace(/[·．・]/u, '‧'), (text) => `${text}\u200b`],
  email: [padded, (text) => text.toUpperCase(), wide, (text) => `${text}\u200b`],
  school: [
    padded,
    spaced,
    wideDigits,
    (text) => text.replaceAll('臺', '台'),
    (text) => text.replace('國小', '國民小學').replace('國中', '國民中學'),
    (text) => text.replace(/^(\d{6}) (.+)$/u, '$2（$1）'),
    (text) => text.replace(/^(\d{6}) /u, '$1-'),
    (text) => text.replace(/^市立/u, '台南市立'),
    nameless,
  ],
  level: [padded, (text) => text.replace('教學輔導教師', '教輔'), (text) => (text ? `${text}證書` : '')],
  'school-year': [
    padded,
    wideDigits,
    spaced,
    (text) => text.replace(/^(\d{2,3})$/u, '$1學年度'),
    (text) => text.replace(/^(\d{2,3})學年度$/u, '民國 $1 學年度'),
    (text) => text.replace(/^民國(\d+)年$/u, (_all, year) => String(Number(year) + 1911)),
    (text) => text.replace(/^(\d{4})\/(\d+)\/(\d+)$/u, (_all, y, m, d) => `${Number(y) - 1911}.${m}.${d}`),
    (text) => text.replace(/^(\d{4})\/(\d+)\/(\d+)$/u, '$1年$2月$3日'),
    (text) => text.replace(/^(\d{2,3})\.(\d+)\.(\d+)$/u, '民國$1年$2月$3日'),
    (text) =>
      text.replace(
        /^(\d{2,3})\.(\d+)\.(\d+)$/u,
        (_all, y, m, d) => `${Number(y) + 1911}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
      ),
  ],
  'certificate-number': [
    padded,
    wideDigits,
    (text) => text.replaceAll('臺', '台'),
    (text) => text.replace('(三)', '〔三〕'),
    (text) => text.replace('(三)', '（三）'),
    (text) => text.replace('(三)', '【三】'),
    (text) => text.replace('第', '第 ').replace('號', ' 號'),
    (text) => text.toLowerCase(),
  ],
  'platform-display': [padded],
  evidence: [padded, (text) => (text ? `${text}, https://drive.google.com/open?id=more` : '')],
  consent: [padded],
};

/** The code alone, where that says as much as what was typed. */
function nameless(text: string): string {
  const code = /^\d{6}/u.exec(text)?.[0] ?? '';
  return readSchool(tainan.schools, code).kind === 'school' ? code : text;
}

function messUp(row: ResponseRow, pick: (of: number) => number): ResponseRow {
  const answers = Object.entries(row.submission.answers).map(([key, value]) => {
    const changes = CHANGES[key] ?? [];
    const change = value.trim() === '' ? undefined : changes[pick(changes.length + 1)];
    return [key, change ? change(value) : value];
  });
  return { ...row, submission: { ...row.submission, answers: Object.fromEntries(answers) } };
}

describe('the sample, typed by other hands', () => {
  it('is judged as before', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (stream) => {
        const pick = (of: number) => Number(stream.next().value) % of;
        const messy = rows.map((row) => messUp(row, pick));
        for (const { line, verdict } of triageRows(tainan, messy)) {
          const raw = messy.find(({ form, row }) => form === line.form && row === line.row)?.submission
            .answers;
          expect({ ...line, raw, why: verdict.explanation }).toEqual({
            ...expected.get(`${line.form}:${line.row}`),
            raw,
            why: verdict.explanation,
          });
        }
      }),
      { numRuns: 60 },
    );
  });

  it.each(
    Object.entries(CHANGES).flatMap(([key, changes]) =>
      changes.map((change, i) => [key, i, change] as const),
    ),
  )('%s, change %i on every row', (key, _i, change) => {
    const messy = rows.map((row) => {
      const value = row.submission.answers[key] ?? '';
      const answers = { ...row.submission.answers, ...(value.trim() ? { [key]: change(value) } : {}) };
      return { ...row, submission: { ...row.submission, answers } };
    });
    const different = [...triageRows(tainan, messy)].filter(
      ({ line }) =>
        JSON.stringify(Object.entries(line).toSorted()) !==
        JSON.stringify(Object.entries(expected.get(`${line.form}:${line.row}`) ?? {}).toSorted()),
    );
    expect(different.map(({ line, verdict }) => [line.form, line.row, verdict.problems])).toEqual([]);
  });
});
