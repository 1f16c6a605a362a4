import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { parse } from 'csv-parse/sync';
import { read } from 'hucre';
import { intakeKey, type IntakeRow } from '../../../contract/intake-key.ts';
import { certificateKey } from '../cases/certificate-number.ts';
import { readLevel } from '../cases/level.ts';
import { nextState, type State } from '../cases/lifecycle.ts';
import { nameKey } from '../cases/name.ts';
import type { Program } from '../cases/program-rules.ts';
import { judge } from '../sync/judge.ts';
import { positionOf } from '../sync/position.ts';
import { type StepParts, takeStep } from '../sync/steps.ts';
import { rememberProgram } from '../sync/versions.ts';
import { type Ledger, type LedgerOptions, withLedger } from './ledger.ts';
import { type ResponseRow, readResponses } from './triage.ts';
import { UserError } from './user-error.ts';

/** What taking in and matching need; no Google, no mail server. */
export function stepParts(ledger: Ledger, secret: string): StepParts {
  return { ...ledger, mailDomain: process.env.MAIL_DOMAIN ?? 'budeng.invalid', secret };
}

/** A response of a CSV is the same however often it is imported: by its time, its address and all its answers. */
function rowIdentity({ submission }: ResponseRow): string {
  const content = JSON.stringify([submission.revision, Object.entries(submission.answers).toSorted()]);
  return `csv-${createHash('sha256').update(content).digest('hex').slice(0, 24)}`;
}

/** `budeng import`: takes CSV exports of the office's earlier forms in as submissions, each once. */
export async function importResponses(
  options: LedgerOptions & { responses: string; secret: string },
): Promise<void> {
  await withLedger(options, async (ledger) => {
    await rememberProgram(ledger);
    const rows = readResponses(ledger.program, options.responses);
    const parts = stepParts(ledger, options.secret);
    let fresh = 0;
    for (const row of rows) {
      const responseId = rowIdentity(row);
      const { form, receivedAt, revision, answers } = row.submission;
      const intake: IntakeRow = {
        key: intakeKey(form, responseId, revision),
        form,
        responseId,
        revision,
        receivedAt: receivedAt.toISOString(),
        email: answers.email ?? '',
        answers,
        editUrl: '',
        source: 'import',
      };
      if (await judge(parts, intake)) fresh += 1;
    }
    process.stdout.write(`讀到 ${rows.length} 列，新收 ${fresh} 件，其餘先前已收。\n`);
  });
}

interface Registered {
  name: string;
  number: string;
  level: string;
}

/** Reads csv, ods or xlsx; columns are found by their titles. */
export async function readRegistered(file: string): Promise<Registered[]> {
  let rows: unknown[][];
  try {
    const content = readFileSync(file);
    rows =
      extname(file).toLowerCase() === '.csv'
        ? (parse(content, { bom: true, relax_column_count: true }) as unknown[][])
        : (((await read(content)).sheets[0]?.rows ?? []) as unknown[][]);
  } catch (error) {
    throw new UserError(`讀不到 ${file}（csv、ods 或 xlsx）：${(error as Error).message}`);
  }
  const [header = [], ...body] = rows.map((row) => row.map((cell) => String(cell ?? '').trim()));
  const column = (title: RegExp, required: boolean) => {
    const index = header.findIndex((each) => title.test(each));
    if (index < 0 && required)
      throw new UserError(`${file} 第 1 列找不到「${title.source.replaceAll('|', '」或「')}」欄。`);
    return index;
  };
  const [name, number, level] = [
    column(/姓名/u, true),
    column(/證書字號|字號/u, true),
    column(/類別/u, false),
  ];
  return body.map((row) => ({ name: row[name] ?? '', number: row[number] ?? '', level: row[level] ?? '' }));
}

/** `budeng import-registered`: what the platform has on record closes open cases and answers new ones at once. */
export async function importRegistered(
  file: string,
  options: LedgerOptions & { secret: string },
): Promise<void> {
  const registered = await readRegistered(file);
  await withLedger(options, async (ledger) => {
    const parts = stepParts(ledger, options.secret);
    const source = `作業平臺登錄名冊（${basename(file)}）`;
    const totals = { listed: 0, registered: 0, notNeeded: 0 };
    for (const entry of registered) {
      const [name, certificate] = [nameKey(entry.name), certificateKey(entry.number)];
      if (!name || !certificate) continue;
      const level = readLevel(entry.level);
      const key = `${name}/${certificate}`;
      await ledger.store.db
        .insertInto('registered_elsewhere')
        .values({
          key,
          name_key: name,
          certificate_key: certificate,
          level: level === 'missing' ? null : level,
          source,
          program: ledger.program.key,
          at: ledger.clock.now(),
        })
        .onConflict((conflict) => conflict.column('key').doNothing())
        .execute();
      totals.listed += 1;
      for (const state of await closeMatching(parts, ledger.program, name, certificate, source))
        totals[state === 'registered' ? 'registered' : 'notNeeded'] += 1;
    }
    process.stdout.write(
      `名冊 ${totals.listed} 筆；因此結案：已登錄 ${totals.registered} 件、無須補登 ${totals.notNeeded} 件。\n`,
    );
  });
}

async function closeMatching(
  parts: StepParts,
  program: Program,
  name: string,
  certificate: string,
  source: string,
) {
  const found = await parts.store.db
    .selectFrom('cases')
    .selectAll()
    .where('program', '=', program.key)
    .where('name_key', '=', name)
    .where('certificate_key', '=', certificate)
    .execute();
  const closed: State[] = [];
  for (const each of found) {
    const next = nextState(each.state as State, 'matched');
    if (!next.ok) continue;
    const reason = `${source}已有這張證書的登錄紀錄。`;
    const moved = await parts.store.db.transaction().execute((db) =>
      takeStep(parts, db, each, {
        to: { ...positionOf(each), state: next.state },
        trigger: 'matched',
        actor: 'import-registered',
        reason,
        set: { batch: null },
        notice: next.state === 'registered' ? 'registered' : 'not-needed',
      }),
    );
    if (moved) closed.push(next.state);
  }
  return closed;
}
