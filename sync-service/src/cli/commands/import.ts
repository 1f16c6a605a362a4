import { basename } from 'node:path';
import { certificateKey } from '../../cases/reading/certificate-number.ts';
import { readLevel } from '../../cases/reading/level.ts';
import { nextState, type State } from '../../cases/lifecycle.ts';
import { nameKey } from '../../cases/reading/name.ts';
import { LONGEST_NAME, LONGEST_NUMBER } from '../../cases/reading/sizes.ts';
import type { Program } from '../../cases/program-rules.ts';
import { receive } from '../../casework/intake/receive.ts';
import { readKnownResponses } from '../../ledger/known-responses.ts';
import { listCasesOfCertificate } from '../../ledger/repositories/earlier-cases.ts';
import { rememberRegistered } from '../../ledger/repositories/registered-elsewhere.ts';
import { stagePositionOf } from '../../casework/stage-position.ts';
import type { CaseContext } from '../../casework/context.ts';
import { formatRocDateTime } from '../../cases/calendar/roc.ts';
import type { IntakeRow } from '../../../../contract/intake-key.ts';
import { transition } from '../../casework/transition.ts';
import { rememberProgram } from '../../casework/program-versions.ts';
import { caseContextOf, type LedgerOptions, withLedger } from '../ledger.ts';
import { alone } from '../files/alone.ts';
import { freshRows } from '../files/import-rows.ts';
import { readRegistered } from '../files/registered-file.ts';
import { readResponses } from '../files/responses.ts';
import { remark } from '../output/remark.ts';

type Options = LedgerOptions & { secret?: string };

/** `budeng import` takes exports of the office's earlier forms in as submissions, each once. */
export async function importResponses(options: Options & { responses: string }): Promise<void> {
  await withLedger(options, async (ledger) => {
    await rememberProgram(ledger);
    let left = 0;
    const rows = await readResponses(ledger.program, options.responses, ({ message }) => {
      left += 1;
      remark(message);
    });
    const context = caseContextOf(ledger, options);
    const fresh = freshRows(await readKnownResponses(ledger.store.db, ledger.program.key), rows);
    const read = rows.length + left;
    let taken = 0;
    for (const intake of fresh) {
      const reason = await alone(async () => void (await receive(context, intake)));
      if (reason === null) {
        taken += 1;
        continue;
      }
      left += 1;
      remark(`${placeOf(ledger.program, intake)}沒有收件：${reason}。`);
    }
    process.stdout.write(
      `讀到 ${read} 列，新收 ${taken} 件，其餘先前已收${left > 0 ? `；${left} 列沒有收件，改正後再執行一次即可` : ''}。\n`,
    );
    if (left > 0) process.exitCode = 1;
  });
}

/** Gives the row without anything that its teacher typed. */
function placeOf({ forms }: Program, { form, receivedAt }: IntakeRow): string {
  const title = forms.find(({ key }) => key === form)?.title ?? form;
  return `「${title}」${formatRocDateTime(new Date(receivedAt))}的填報`;
}

/**
 * `budeng import-registered` reads what the platform has on record: it closes open cases and answers new ones at once.
 */
export async function importRegistered(file: string, options: Options): Promise<void> {
  const registered = await readRegistered(file);
  await withLedger(options, async (ledger) => {
    const context = caseContextOf(ledger, options);
    const source = `作業平臺登錄名冊（${basename(file)}）`;
    const totals = { listed: 0, skipped: 0, tooLong: 0, registered: 0, notNeeded: 0 };
    for (const entry of registered) {
      const [name, certificate] = [nameKey(entry.name), certificateKey(entry.number)];
      if (!name || !certificate) {
        remark(`${file} 第 ${entry.line} 列沒有姓名或證書字號，略過。`);
        totals.skipped += 1;
        continue;
      }
      // The ledger's index refuses longer keys; no name or number is as long.
      if (name.length > LONGEST_NAME || certificate.length > LONGEST_NUMBER) {
        remark(`${file} 第 ${entry.line} 列的姓名或證書字號太長，略過。`);
        totals.tooLong += 1;
        continue;
      }
      const level = readLevel(entry.level);
      const reason = await alone(async () => {
        await rememberRegistered(ledger.store.db, {
          name_key: name,
          certificate_key: certificate,
          level: level === 'missing' ? null : level,
          source,
          program: ledger.program.key,
          at: ledger.clock.now(),
        });
        totals.listed += 1;
        for (const state of await closeMatching(context, ledger.program, name, certificate, source))
          totals[state === 'registered' ? 'registered' : 'notNeeded'] += 1;
      });
      if (reason === null) continue;
      remark(`${file} 第 ${entry.line} 列無法處理：${reason}。`);
      process.exitCode = 1;
    }
    const left = [
      totals.skipped > 0 ? `${totals.skipped} 列沒有姓名或字號` : '',
      totals.tooLong > 0 ? `${totals.tooLong} 列的姓名或字號太長` : '',
    ].filter(Boolean);
    if (left.length > 0) process.exitCode = 1;
    const skipped = left.length > 0 ? `（另有 ${left.join('、')}，略過）` : '';
    process.stdout.write(
      `名冊 ${totals.listed} 筆${skipped}；因此結案：已登錄 ${totals.registered} 件、無須補登 ${totals.notNeeded} 件。\n`,
    );
  });
}

async function closeMatching(
  context: CaseContext,
  program: Program,
  name: string,
  certificate: string,
  source: string,
) {
  const found = await listCasesOfCertificate(context.store.db, program.key, { name, certificate });
  const closed: State[] = [];
  for (const each of found) {
    const next = nextState(each.state, 'matched');
    if (!next.ok) continue;
    const reason = `${source}已有這張證書的登錄紀錄。`;
    const moved = await context.store.transaction((db) =>
      transition(context, db, each, {
        to: { ...stagePositionOf(each), state: next.state },
        trigger: 'matched',
        actor: 'import-registered',
        reason,
        notice: next.state === 'registered' ? 'registered' : 'not-needed',
      }),
    );
    if (moved) closed.push(next.state);
  }
  return closed;
}
