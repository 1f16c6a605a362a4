import { describe, expect, it } from 'vitest';
import { freshRows } from '../../../sync-service/src/cli/files/import-rows.ts';
import { type ResponseRow, readResponses } from '../../../sync-service/src/cli/files/responses.ts';
import {
  contentOf,
  fingerprintOf,
  type KnownResponse,
} from '../../../sync-service/src/ledger/known-responses.ts';
import { tainan } from '../../cases/helpers.ts';
import { toBig5 } from '../../tables/big5.ts';

const rows = await readResponses(tainan, 'test/fixtures/responses-sample');

/** What the ledger holds after these rows were taken in; of one response with several revisions, one case. */
function taken(known: readonly KnownResponse[], from: readonly ResponseRow[]): KnownResponse[] {
  const fresh = freshRows(known, from);
  const caseIds = new Map(known.map(({ responseId, caseId }) => [responseId, caseId]));
  return [
    ...known,
    ...fresh.map(({ key, form, responseId, receivedAt, answers }) => {
      const caseId = caseIds.get(responseId) ?? caseIds.size + 1;
      caseIds.set(responseId, caseId);
      const content = contentOf(answers);
      return {
        form,
        responseId,
        answers,
        content,
        caseId,
        revisionKey: key,
        receivedAt: new Date(receivedAt),
      };
    }),
  ];
}
const cases = (known: readonly KnownResponse[]) => new Set(known.map(({ caseId }) => caseId)).size;
const changed = (row: ResponseRow, answers: Record<string, string>, at?: Date): ResponseRow => ({
  ...row,
  submission: {
    ...row.submission,
    ...(at ? { receivedAt: at, revision: at.toISOString() } : {}),
    answers: { ...row.submission.answers, ...answers },
  },
});
const later = ({ submission }: ResponseRow, ms: number) => new Date(submission.receivedAt.getTime() + ms);

it('takes each row in once: all, then none', () => {
  const known = taken([], rows);
  expect(cases(known)).toBe(rows.length);
  expect(new Set(known.map(({ responseId }) => responseId)).size).toBe(rows.length);
  expect(freshRows(known, rows)).toEqual([]);
});

it('knows them again in another order, under other row numbers', () => {
  const sorted = rows.toReversed().map((row, i) => ({ ...row, row: i + 2 }));
  expect(freshRows(taken([], rows), sorted)).toEqual([]);
});

it('takes from a longer export what is new', () => {
  const known = taken([], rows.slice(0, 120));
  expect(freshRows(known, rows)).toHaveLength(rows.length - 120);
  expect(freshRows(taken(known, rows), rows)).toEqual([]);
});

it('knows them in another export: ends of lines, blanks, separators of files, an optional question more', () => {
  const again = rows.map((row) =>
    changed(row, {
      note: (row.submission.answers.note ?? '').replaceAll('\n', '\r\n'),
      name: ` ${row.submission.answers.name} `,
      evidence: (row.submission.answers.evidence ?? '').replace(/$/u, ' '),
      'second-address': '',
    }),
  );
  expect(freshRows(taken([], rows), again)).toEqual([]);
});

it('two that are alike to the second are two, and stay two', () => {
  const [first] = rows as [ResponseRow];
  const twice = [...rows, { ...first, row: 999 }];
  const known = taken(taken([], rows), twice);
  expect(cases(known)).toBe(rows.length + 1);
  expect(freshRows(known, twice)).toEqual([]);
  expect(cases(taken([], twice))).toBe(rows.length + 1);
});

it('a row that its teacher has edited since continues the same response, also where name or address was missing', () => {
  const known = taken([], rows);
  const edits = rows.map((row, i) => {
    if (i % 9 !== 0) return row;
    const { email = '', evidence } = row.submission.answers;
    const mended = { evidence: evidence || 'https://drive.google.com/open?id=mended', note: '已補', email };
    return changed(row, mended, later(row, 86_400_000));
  });
  const after = taken(known, edits);
  expect(after.length).toBeGreaterThan(known.length + 20);
  expect(cases(after)).toBe(rows.length);
  expect(freshRows(after, edits)).toEqual([]);
  // The export of yesterday brings nothing back.
  expect(freshRows(after, rows)).toEqual([]);
});

it('another certificate, another person and a shorter export are no edits', () => {
  const [row] = rows.filter(
    ({ form, submission }) => form !== 'training-record-problem' && submission.answers.level === '進階',
  ) as [ResponseRow];
  const known = taken([], [row]);
  for (const answers of [
    { 'certificate-number': '臺教師(三)字第1061111111號' },
    { level: '教學輔導教師' },
    { name: '另一人' },
  ] as Record<string, string>[])
    expect(cases(taken(known, [changed(row, answers, later(row, 1000))]))).toBe(2);
  const two = taken([], [row, changed(row, { 'certificate-number': '臺教師(三)字第1061111111號' })]);
  expect(cases(taken(two, [changed(row, { note: '已補' }, later(row, 1000))]))).toBe(3);
});

describe('an export that went through Excel', () => {
  const read = (name: string) => readResponses(tainan, `test/fixtures/inputs/excel-resaved/${name}`);

  it('brings nothing new: its times have no seconds, and what Big5 lacks is a question mark', async () => {
    const [original, resaved, longer] = await Promise.all(['1-original', '2-resaved', '3-longer'].map(read));
    const known = taken([], original ?? []);
    expect(freshRows(known, resaved ?? [])).toEqual([]);
    const more = taken(known, longer ?? []);
    expect(cases(more)).toBe(3);
    expect(freshRows(more, [...(resaved ?? [])])).toEqual([]);
  });

  it('is the same response when the original comes later, and gets its lost character back', async () => {
    const [original, resaved] = await Promise.all(['1-original', '2-resaved'].map(read));
    const known = taken([], resaved ?? []);
    const mended = freshRows(known, original ?? []);
    expect(mended).toHaveLength(1);
    expect(mended[0]?.answers.name).toBe('陳喆宇');
    expect(known.map(({ responseId }) => responseId)).toContain(mended[0]?.responseId);
    const after = taken(known, original ?? []);
    expect(cases(after)).toBe(2);
    for (const again of [original, resaved]) expect(freshRows(after, again ?? [])).toEqual([]);
  });

  it('knows every row of the sample again', () => {
    const resaved = rows.map((row) => {
      const at = new Date(Math.floor(row.submission.receivedAt.getTime() / 60_000) * 60_000);
      const answers = Object.entries(row.submission.answers).map(([key, value]) => [key, toBig5(value)]);
      return changed(
        row,
        Object.fromEntries(
          answers.map(([key, bytes]) => [key, new TextDecoder('big5').decode(bytes as Buffer)]),
        ),
        at,
      );
    });
    expect(freshRows(taken([], rows), resaved)).toEqual([]);
    expect(cases(taken(taken([], resaved), rows))).toBe(rows.length);
  });

  it('knows codes and numbers that it has shortened', () => {
    const [first] = rows as [ResponseRow];
    const whole = { 'certificate-number': '1070026587001', school: '014601', 'school-year': '2017-08-01' };
    const short = { 'certificate-number': '1.07E+12', school: '14601', 'school-year': '2017/8/1' };
    const known = taken([], [changed(first, whole)]);
    expect(freshRows(known, [changed(first, short)])).toEqual([]);
    expect(freshRows(known, [changed(first, { ...short, school: '14602' })])).toHaveLength(1);
  });

  it('two of one minute stay two', () => {
    const [first] = rows as [ResponseRow];
    const at = (ms: number) => changed(first, {}, new Date(Date.UTC(2020, 3, 21, 7, 2) + ms));
    const both = [at(5000), at(48_000)];
    expect(cases(taken(taken([], [at(0), at(0)]), both))).toBe(2);
    expect(freshRows(taken([], both), [at(0), at(0)])).toEqual([]);
    expect(cases(taken(taken([], [at(5000)]), both))).toBe(2);
    // Known to the minute is not known to the next one.
    expect(freshRows(taken([], [at(0)]), [at(60_000)])).toHaveLength(1);
  });

  it('an edit of a response whose name was spoilt continues it', () => {
    const [first] = rows as [ResponseRow];
    const known = taken([], [changed(first, { name: '陳?宇' })]);
    const edit = changed(first, { name: '陳喆宇', note: '已補' }, later(first, 86_400_000));
    expect(cases(taken(known, [edit]))).toBe(1);
  });

  it('of an erased response only a fingerprint is left, which knows it all the same', async () => {
    const [original, resaved] = await Promise.all(['1-original', '2-resaved'].map(read));
    const erased = taken([], original ?? []).map((each) => ({
      ...each,
      answers: {},
      content: fingerprintOf(each.content),
    }));
    for (const again of [original, resaved]) expect(freshRows(erased, again ?? [])).toEqual([]);
  });
});
