import { afterEach, expect, it } from 'vitest';
import { INTAKE_COLUMNS, intakeKey } from '../../contract/intake-key.ts';
import { keysIn } from '../../contract/records.ts';
import { STATE_OF } from '../../sync-service/src/casework/intake/entry.ts';
import type { Verdict } from '../../sync-service/src/cases/types.ts';
import { query } from '../../sync-service/src/ledger/query.ts';
import { makeRows, type MadeRow } from '../cases/oracle/rows.ts';
import { expectedOf } from '../cases/oracle/verdicts.ts';
import { openStage, type Stage } from '../stage/stage.ts';

/**
 * Messy rows through the whole service, as the script writes them into the intake. For a longer look, with how long it
 * took: MESS_SEED=7 MESS_ROWS=10000 npm run -s test:only -- test/stories/messy-intake.test.ts
 */
const ROWS = Number(process.env.MESS_ROWS ?? 120);
const SEED = Number(process.env.MESS_SEED ?? 3);
const A_CYCLE = 2000;
const TIMEOUT_MS = 120_000 + ROWS * 200;

let stage: Stage;
afterEach(() => stage.close());

/** Appends rows as the script does. */
function writeIntake(rows: readonly MadeRow[]) {
  const { spreadsheetId, tabIds } = stage.documentOf('office');
  const lines = rows.map(({ form, at, answers }) => {
    const receivedAt = new Date(Date.UTC(2020, 0, 1, -8) + at * 1000).toISOString();
    const responseId = `r${at}`;
    const fields = stage.program.forms.find(({ key }) => key === form)?.fields ?? [];
    const cells = {
      key: intakeKey(form, responseId, receivedAt),
      form,
      responseId,
      revision: receivedAt,
      receivedAt,
      email: '',
      answers: JSON.stringify(
        Object.fromEntries(fields.map(({ key, title }) => [key, answers[title] ?? ''])),
      ),
      editUrl: 'https://docs.google.com/forms/d/e/x/viewform?edit2=y',
      source: 'trigger',
    };
    return {
      values: keysIn(INTAKE_COLUMNS).map((column) => ({ userEnteredValue: { stringValue: cells[column] } })),
    };
  });
  stage.google.emulator.sheets.batchUpdate(spreadsheetId, {
    requests: [{ appendCells: { sheetId: tabIds.intake ?? 0, rows: lines, fields: 'userEnteredValue' } }],
  });
}

it(
  'takes in whatever people type: no cycle fails, no row is set aside, each case is where it belongs',
  async () => {
    stage = await openStage({ now: '2020-09-01T01:00:00Z' });
    await stage.settle();
    const rows = makeRows(SEED, ROWS);
    const began = performance.now();
    let cycles = 0;
    for (let at = 0; at < rows.length; at += A_CYCLE) {
      writeIntake(rows.slice(at, at + A_CYCLE));
      for (const takes of [Math.min(A_CYCLE, rows.length - at), 0]) {
        const result = await stage.service.cycle();
        expect(result).toMatchObject({ takenIn: takes, failed: [], paused: [], postponed: [] });
        cycles += 1;
      }
    }
    const { db } = stage.service.store;
    const quarantined = await query(db).selectFrom('quarantined_rows').selectAll().execute();
    expect(quarantined).toEqual([]);
    expect(stage.mails().filter(({ subject }) => subject.includes('無法處理'))).toEqual([]);
    const cases = await query(db).selectFrom('cases').select(['response_id', 'state', 'findings']).execute();
    expect(cases).toHaveLength(rows.length);
    const found = new Map(cases.map((each) => [each.response_id, each]));
    const wrong = expectedOf(rows).flatMap(({ outcome }, index) => {
      const row = rows[index];
      const { state, findings = [] } = found.get(`r${row?.at}`) ?? {};
      // Only the service compares addresses: the same certificate from another one is reviewed.
      const seen = findings.includes('duplicate.other-address') ? 'duplicate' : state;
      return seen === STATE_OF[outcome as Verdict['outcome']] ? [] : [{ row, outcome, state }];
    });
    expect(wrong).toEqual([]);
    if (process.env.MESS_ROWS)
      console.log({ rows: ROWS, cycles, seconds: Math.round((performance.now() - began) / 1000) });
  },
  TIMEOUT_MS,
);
