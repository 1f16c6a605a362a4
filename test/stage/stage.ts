import { query } from '../../sync-service/src/ledger/query.ts';
import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import { officeClock } from '../../contract/clock.ts';
import { actAs } from '../../emulator/src/people.ts';
import { type TabSpec } from '../../contract/tabs.ts';
import {
  type LocalGoogle,
  localCredential,
  localOptions,
  startLocalGoogle,
} from '../../sync-service/src/cli/trial/google-local.ts';
import { OFFICE_ACCOUNT, REVIEWER_ACCOUNT } from '../../sync-service/src/cli/trial/people.ts';
import { officeLinks } from '../../sync-service/src/cli/trial/office-links.ts';
import { openTestStore } from '../ledger/stores.ts';
import type { Store } from '../../sync-service/src/ledger/store.ts';
import { createService, type Service } from '../../sync-service/src/cli/service.ts';
import { loadProgram } from '../../sync-service/src/program/load.ts';
import { type Cell, parseTab } from '../../sync-service/src/google/tab.ts';
import { connectGoogle } from '../../sync-service/src/google/client.ts';
import { createBudget, type Limits } from '../../sync-service/src/google/budget.ts';
import type { Program } from '../../sync-service/src/cases/program-rules.ts';

export const GRACE_MS = 2 * 60_000;
export const DAY_MS = 24 * 3600_000;

export type Stage = Awaited<ReturnType<typeof openStage>>;

export interface StageOptions {
  program?: string;
  now?: string;
  change?(program: Program): Program;
  /** What an earlier office left: the emulator's folder, and its ledger. */
  carriedOver?: { dataDir: string; store: Store };
  smtpFault?: Parameters<typeof startLocalGoogle>[0]['smtpFault'];
  smtpAway?: Parameters<typeof startLocalGoogle>[0]['smtpAway'];
  googleFault?: Parameters<typeof startLocalGoogle>[0]['googleFault'];
  switches?: Parameters<typeof startLocalGoogle>[0]['switches'];
  /** Requests a minute that the service allows itself. */
  limits?: Limits;
  deliver?: NonNullable<Parameters<LocalGoogle['deploy']>[1]>['deliver'];
}

/** A whole office on this machine: emulator, script, service, mailbox; the clock stands still until it is moved. */
export async function openStage(options: StageOptions = {}) {
  const clock = officeClock(new Date(options.now ?? '2020-04-21T01:00:00Z'), { frozen: true });
  const loaded = await loadProgram(options.program ?? 'programs/tainan-109.yaml');
  let program = options.change?.(loaded) ?? loaded;
  let opened: Service | null = null;
  const store = options.carriedOver?.store ?? (await openTestStore());
  const google = await startLocalGoogle({
    clock,
    port: 0,
    smtpPort: 0,
    ...(options.carriedOver ? { dataDir: options.carriedOver.dataDir } : {}),
    links: () => officeLinks(program, opened?.office ?? null, clock),
    ...(options.smtpFault ? { smtpFault: options.smtpFault } : {}),
    ...(options.smtpAway ? { smtpAway: options.smtpAway } : {}),
    ...(options.googleFault ? { googleFault: options.googleFault } : {}),
    ...(options.switches ? { switches: options.switches } : {}),
  });
  const connection = {
    rootUrl: google.emulator.url,
    credential: localCredential(),
    retry: { firstDelayMs: 1 },
  };
  const start = () =>
    createService(
      localOptions(google, {
        program,
        clock,
        store,
        google: {
          ...connection,
          ...(options.limits ? { budget: createBudget(clock, options.limits) } : {}),
        },
        secret: 'test-secret-of-the-stage',
      }),
    );
  let service = await start();
  opened = service;
  const scripts = options.deliver ? { deliver: options.deliver } : {};
  let formsScript = await google.deploy(service, scripts);

  const documentOf = (role: string) => {
    const found = role === 'office' ? service.office.office : service.office.queues[role];
    if (!found) throw new Error(`no spreadsheet ${role}`);
    return found;
  };
  const readTab = <K extends string>(role: string, key: string, spec: TabSpec<K>) => {
    const { spreadsheetId, tabIds } = documentOf(role);
    const { valueRanges } = google.emulator.sheets.valuesBatchGetByDataFilter(spreadsheetId, {
      dataFilters: [{ gridRange: { sheetId: tabIds[key] ?? 0 } }],
      valueRenderOption: 'UNFORMATTED_VALUE',
    });
    return parseTab(spec, valueRanges?.[0]?.valueRange ?? {});
  };

  return {
    clock,
    google,
    get service() {
      return service;
    },
    get program() {
      return program;
    },
    /** Apps Script, with the office's projects. */
    script: google.scripts,
    /** The project that reads the forms. */
    get formsScript() {
      return formsScript;
    },
    /** The office changes its program file and starts the service anew. */
    async restart(change: (program: Program) => Program) {
      await google.scripts.idle();
      await service.close();
      program = change(program);
      service = await start();
      opened = service;
      formsScript = await google.deploy(service);
    },
    /** A further client of the office's Google, as a rebuilding has it. */
    connect: () => connectGoogle(connection),
    documentOf,
    readTab,
    /** A teacher sends the form; `editUrl` reopens an earlier response. */
    async submit(form: string, answers: Record<string, string>, editUrl?: string) {
      const found = service.office.forms[form];
      if (!found) throw new Error(`no form ${form}`);
      const questions = new Map(
        (google.forms.get(found.formId).items ?? []).map((item) => [
          found.fields[item.title ?? ''] ?? '',
          item.questionItem?.question?.questionId ?? '',
        ]),
      );
      const body = Object.fromEntries(
        Object.entries(answers).flatMap(([key, text]) => (text ? [[questions.get(key) ?? key, text]] : [])),
      );
      const editKey = editUrl ? new URL(editUrl).searchParams.get('edit2') : null;
      const response = await fetch(`${google.emulator.url}/forms/d/e/${found.formId}/formResponse`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ answers: body, ...(editKey ? { editKey } : {}) }),
      });
      if (!response.ok) throw new Error(await response.text());
      // Runs of several triggers overlap, so that their rows come in any order; here the numbers of cases follow the tests.
      await google.scripts.idle();
      return (await response.json()) as { responseId: string; editUrl: string };
    },
    /** What Google and the service do until nothing more happens: trigger, cycle, and the cycle after it. */
    async settle() {
      await google.scripts.idle();
      await service.cycle();
      await service.cycle();
    },
    /** As settle, after the grace time. */
    async afterGrace() {
      // What the script writes at an edit would otherwise come in the midst and start the grace time anew.
      await google.scripts.idle();
      await service.cycle();
      clock.advance(GRACE_MS + 1000);
      await service.cycle();
      await service.cycle();
    },
    /** A person types into the row of `id`: the reviewer, whom protection binds, or in the office's the owner. */
    type<K extends string>(
      role: string,
      key: string,
      spec: TabSpec<K>,
      id: string,
      cells: Partial<Record<K, Cell>>,
    ) {
      const tab = readTab(role, key, spec);
      const row = tab.rows.find((each) => String(each.cells[spec.id]) === id);
      if (!row)
        throw new Error(
          `no row ${id} in ${spec.title}: ${tab.rows.map((each) => each.cells[spec.id]).join()}`,
        );
      const { spreadsheetId, tabIds } = documentOf(role);
      const edits = (Object.entries(cells) as [K, Cell][]).map(([column, value]) => ({
        sheetId: tabIds[key] ?? 0,
        row: row.index,
        column: tab.columns[column],
        value,
      }));
      actAs(role === 'office' ? OFFICE_ACCOUNT : REVIEWER_ACCOUNT, () =>
        google.emulator.sheets.editCells(spreadsheetId, edits),
      );
    },
    /** The owner of the spreadsheet, whom nothing is protected from, puts texts and ticks into a row. */
    paste<K extends string>(
      role: string,
      key: string,
      spec: TabSpec<K>,
      rowIndex: number,
      cells: Partial<Record<K, Cell>>,
    ) {
      const { spreadsheetId, tabIds } = documentOf(role);
      const { columns } = readTab(role, key, spec);
      const requests: sheets_v4.Schema$Request[] = (Object.entries(cells) as [K, Cell][]).map(
        ([column, value]) => ({
          updateCells: {
            start: { sheetId: tabIds[key] ?? 0, rowIndex, columnIndex: columns[column] },
            rows: [
              {
                values: [
                  {
                    userEnteredValue:
                      typeof value === 'boolean' ? { boolValue: value } : { stringValue: String(value) },
                  },
                ],
              },
            ],
            fields: 'userEnteredValue',
          },
        }),
      );
      google.emulator.sheets.batchUpdate(spreadsheetId, { requests });
    },
    mails: () => google.mailbox.messages(),
    mailsTo: (address: string) => google.mailbox.messages().filter((mail) => mail.to === address),
    async caseOf(number: string) {
      return query(service.store.db)
        .selectFrom('cases')
        .selectAll()
        .where('number', '=', number)
        .executeTakeFirstOrThrow();
    },
    async close() {
      await service.close();
      await google.close();
      await store.close();
    },
  };
}

/** A complete entry; each test changes what it is about. */
export const COMPLETE = {
  email: 'teacher@example.com',
  name: '王小明',
  school: '114601',
  level: '進階',
  'school-year': '106',
  'certificate-number': '臺教師(三)字第1060012345號',
  'platform-display': '未顯示證書',
  evidence: 'https://drive.google.com/open?id=abc',
  consent: '我已閱讀並同意',
};
