import { query } from '../../sync-service/src/ledger/query.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MAX_CELL } from '../../contract/cell-text.ts';
import { INTAKE_COLUMNS } from '../../contract/intake-key.ts';
import { QUEUE, SETTINGS } from '../../contract/tabs.ts';
import { COMPLETE, openStage, type Stage } from '../stage/stage.ts';

const FORM = 'advanced-mentor-106-107';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** Text that no compression makes short: what an index page cannot hold. */
function noise(length: number): string {
  let state = length;
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return String.fromCharCode(0x4e00 + ((state >>> 8) % 20_000));
  }).join('');
}

/** What people can put into a box. */
const TEXTS = [
  noise(6000),
  '長'.repeat(49_900),
  noise(60_000),
  'a\u0000b\ud800c\udc00',
  '一\r\n二\r三\u2028四\n',
  "=1+1 '007 1E+15 TRUE 109/5/11",
  '\u3000 甲\t乙\u00a0\u200b ',
  'é e\u0301 ﬁ 臺 台',
  "' or 1=1; --%_\\",
];
/** Longer than any name: asked about. */
const isLong = (text: string) => text.length > 5000;
/** Numbers tell them apart, whatever else is cut off. */
const serial = (index: number) => `字第${index + 1}號`;
const email = (index: number) => `t${index}@example.com`;

async function submitAll(answers: (text: string, index: number) => Record<string, string>) {
  for (const [index, text] of TEXTS.entries())
    await stage.submit(FORM, {
      ...COMPLETE,
      name: `甲${index}`,
      'certificate-number': serial(index),
      email: email(index),
      ...answers(text, index),
    });
  await stage.script.fireClock();
  await stage.settle();
}

const states = async () =>
  (await query(stage.service.store.db).selectFrom('cases').select('state').orderBy('id').execute()).map(
    (each) => each.state,
  );
const quiet = { written: 0, takenIn: 0, waiting: 0, sent: 0, failed: [], paused: [] };

describe('what a teacher types', () => {
  it('makes a case with a row or a question, and a mail, whatever it is; a cycle later nothing is written', async () => {
    await submitAll((text, index) => ({
      name: `甲${index}${text}`,
      'certificate-number': `${serial(index)}${text}`,
      note: text,
      evidence: `https://drive.google.com/open?id=x ${text}`,
    }));
    const after = (decided: string) => TEXTS.map((text) => (isLong(text) ? 'needs-correction' : decided));
    expect(await states()).toEqual(after('in-review'));
    const { rows } = stage.readTab('platform', 'queue', QUEUE);
    expect(rows).toHaveLength(TEXTS.filter((text) => !isLong(text)).length);
    expect(await stage.service.cycle()).toMatchObject(quiet);
    for (const index of TEXTS.keys()) expect(stage.mailsTo(email(index))).toHaveLength(1);
    // …and each can be decided.
    for (const { index } of rows)
      stage.paste('platform', 'queue', QUEUE, index, { decision: '通過登錄', ready: true });
    await stage.afterGrace();
    expect(await states()).toEqual(after('registered'));
  });
});

describe('what a person types', () => {
  it('over a case number, with a tick, stops nobody and is explained beside it', async () => {
    await submitAll(() => ({}));
    await stage.submit(FORM, { ...COMPLETE, email: 'other@example.com' });
    await stage.settle();
    const { rows } = stage.readTab('platform', 'queue', QUEUE);
    for (const [index, text] of TEXTS.entries())
      stage.paste('platform', 'queue', QUEUE, rows[index]?.index ?? 0, {
        case: text.slice(0, MAX_CELL),
        decision: '退回補件',
        reason: text.slice(0, MAX_CELL),
        ready: true,
      });
    stage.paste('platform', 'queue', QUEUE, rows.at(-1)?.index ?? 0, { decision: '通過登錄', ready: true });
    await stage.afterGrace();
    // The last case is done; the others have their rows back; what was typed stands, unticked, with the reason beside it.
    expect((await states()).toSorted()).toEqual([...TEXTS.map(() => 'in-review'), 'registered']);
    const after = stage.readTab('platform', 'queue', QUEUE).rows;
    expect(after).toHaveLength(2 * TEXTS.length);
    const orphans = after.filter((each) => each.cells.decision === '退回補件');
    expect(orphans).toHaveLength(TEXTS.length);
    for (const { cells } of orphans) {
      expect(cells.ready).toBe(false);
      expect(String(cells.result)).toContain('案號');
    }
    expect(await stage.service.cycle()).toMatchObject(quiet);
  });

  it('over an intake row is quarantined and stops nobody', async () => {
    const { spreadsheetId, tabIds } = stage.documentOf('office');
    stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
      requests: [
        {
          appendCells: {
            sheetId: tabIds.intake ?? 0,
            rows: TEXTS.map((text) => ({
              values: Object.keys(INTAKE_COLUMNS).map(() => ({
                userEnteredValue: { stringValue: text.slice(0, MAX_CELL) },
              })),
            })),
            fields: 'userEnteredValue',
          },
        },
      ],
    });
    await stage.submit(FORM, COMPLETE);
    await stage.settle();
    expect(await states()).toEqual(['in-review']);
    const quarantined = await query(stage.service.store.db)
      .selectFrom('quarantined_rows')
      .selectAll()
      .execute();
    expect(quarantined).toHaveLength(TEXTS.length);
    expect(await stage.service.cycle()).toMatchObject(quiet);
  });

  it('as reason, reviewer and note is taken, or refused in its row where no mail could hold it', async () => {
    await submitAll(() => ({}));
    const { rows } = stage.readTab('platform', 'queue', QUEUE);
    for (const [index, text] of TEXTS.entries())
      stage.paste('platform', 'queue', QUEUE, rows[index]?.index ?? 0, {
        decision: '不予登錄',
        reason: `因${text}`.slice(0, MAX_CELL),
        reviewer: text.slice(0, MAX_CELL),
        note: text.slice(0, MAX_CELL),
        ready: true,
      });
    await stage.afterGrace();
    // What looks like a formula is asked for in words: nobody can tell how it was meant.
    const isRefused = (text: string) => isLong(text) || text.startsWith('=');
    expect(await states()).toEqual(TEXTS.map((text) => (isRefused(text) ? 'in-review' : 'rejected')));
    expect(await stage.service.cycle()).toMatchObject(quiet);
    for (const [index, text] of TEXTS.entries())
      expect(stage.mailsTo(email(index))).toHaveLength(isRefused(text) ? 1 : 2);
  });
});

describe('two rows for one setting', () => {
  const KEY = 'deadlines/correctionDays';
  const own = () =>
    stage.readTab('office', 'settings', SETTINGS).rows.filter((each) => each.cells.key === KEY);
  const audit = async () =>
    (await query(stage.service.store.db).selectFrom('audit').selectAll().execute()).length;
  const days = async () => (await stage.service.context()).program.deadlines.correctionDays;

  it('change nothing while they differ, say so, and leave no trail without end', async () => {
    await stage.settle();
    const [row] = own();
    const before = await days();
    stage.paste('office', 'settings', SETTINGS, row?.index ?? 0, { value: '7' });
    const below = stage.readTab('office', 'settings', SETTINGS).height + 2;
    stage.paste('office', 'settings', SETTINGS, below, { key: KEY, value: '9' });
    await stage.settle();
    expect(await days()).toBe(before);
    expect(own().some((each) => String(each.cells.problem).includes('不只一列'))).toBe(true);
    const entries = await audit();
    expect(await stage.service.cycle()).toMatchObject(quiet);
    expect(await audit()).toBe(entries);
    // Both say the same: the change counts, and the second row is not needed.
    stage.paste('office', 'settings', SETTINGS, row?.index ?? 0, { value: '9' });
    await stage.settle();
    expect(await days()).toBe(9);
    expect(own().map((each) => each.cells.problem)).toEqual(['']);
    expect(await audit()).toBe(entries + 1);
  });
});
