import { statfs } from 'node:fs/promises';
import { resolveMx, resolveTxt } from 'node:dns/promises';
import { HEARTBEAT, LAST_CYCLE, readCursor } from '../ledger/small-tables.ts';
import { openStore, type Store } from '../ledger/store.ts';
import { loadProgram } from '../program/load.ts';
import { connectGoogle, type Google } from '../sheets/google.ts';
import { BrokenTabError, parseTab } from '../sheets/tab.ts';
import { keysOf } from '../../../contract/tabs.ts';
import { type KeptDocument, keptDocuments, knownOffice } from '../sync/office.ts';
import { need, readCredential, readSmtp } from './environment.ts';
import { type LedgerOptions, storeFor } from './ledger.ts';

export interface Finding {
  what: string;
  ok: boolean;
  /** What was found, and what to do where it is not right. */
  detail: string;
}

/** `budeng doctor`: looks at everything that the service needs, one line each. Exit code 1 where something is wrong. */
export async function doctor(options: LedgerOptions): Promise<void> {
  const findings: Finding[] = [];
  for await (const finding of examine(options)) {
    findings.push(finding);
    process.stdout.write(`${finding.ok ? '○' : '✗'} ${finding.what}　${finding.detail}\n`);
  }
  const wrong = findings.filter((finding) => !finding.ok).length;
  process.stdout.write(wrong === 0 ? '\n一切正常。\n' : `\n${wrong} 項需要處理。\n`);
  if (wrong > 0) process.exitCode = 1;
}

async function* examine(options: LedgerOptions): AsyncGenerator<Finding> {
  yield await check('設定檔', async () => loadProgram(options.program).title);
  yield await check(
    '系統時區與時間',
    async () => `${new Date().toLocaleString('zh-TW', { timeZone: 'Asia/Taipei' })}（臺北）`,
  );
  yield await check('磁碟', async () => {
    const { bavail, bsize } = await statfs(options.data).catch(() => statfs('.'));
    const free = Math.round((bavail * bsize) / 2 ** 20);
    if (free < 500) throw new Error(`只剩 ${free} MB，請清出空間`);
    return `可用 ${free} MB`;
  });
  yield await check('寄信伺服器設定', async () => readSmtp().host);
  yield* mailRecords();
  yield await check('對外設定', async () => need(['PUBLIC_URL', 'BUDENG_SECRET']).PUBLIC_URL);
  let store: Store | null = null;
  yield await check('資料庫', async () => {
    store = await openStore(storeFor(options.data));
    const row = await store.db
      .selectFrom('cases')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return `${store.engine}，案件 ${Number(row.count)} 件`;
  });
  const opened = store as Store | null;
  if (!opened) return;
  try {
    yield* examineOffice(options, opened);
  } finally {
    await opened.close();
  }
}

async function* examineOffice(options: LedgerOptions, store: Store): AsyncGenerator<Finding> {
  yield await check('服務最近一次巡檢', async () => {
    const last = await readCursor(store.db, LAST_CYCLE);
    if (!last) throw new Error('從未執行，請啟動 budeng serve');
    return last;
  });
  yield await check('信件', async () => {
    const rows = await store.db
      .selectFrom('notices')
      .select(({ fn }) => ['state', fn.countAll<number>().as('count')])
      .where('state', 'in', ['refused', 'uncertain'])
      .groupBy('state')
      .execute();
    const stuck = rows.map((row) => `${row.state} ${Number(row.count)}`).join('、');
    if (stuck) throw new Error(`${stuck}，請執行 budeng notices list`);
    return '沒有失敗或結果不明的通知';
  });
  let google: Google | null = null;
  yield await check('Google 憑證', async () => {
    const rootUrl = process.env.GOOGLE_ROOT_URL;
    google = connectGoogle({
      credential: readCredential(),
      ...(rootUrl ? { rootUrl } : {}),
      retry: { attempts: 2 },
    });
    return google.account ?? 'OAuth（辦公室帳號）';
  });
  const connected = google as Google | null;
  if (!connected) return;
  const program = loadProgram(options.program);
  const office = await knownOffice(program, store);
  if (!office) {
    yield { what: '試算表', ok: false, detail: '尚未建立，請執行 budeng setup' };
    return;
  }
  for (const document of keptDocuments(program, office)) yield* examineDocument(connected, document);
}

/** Sharing and keys of one spreadsheet. */
async function* examineDocument(google: Google, document: KeptDocument): AsyncGenerator<Finding> {
  yield await check(`試算表 ${document.role}`, async () => {
    const { data } = await google.sheets.spreadsheets.get({
      spreadsheetId: document.spreadsheetId,
      fields: 'properties(title,timeZone)',
    });
    if (data.properties?.timeZone !== 'Asia/Taipei')
      throw new Error(`時區是 ${data.properties?.timeZone}，請改為 Asia/Taipei`);
    return data.properties?.title ?? '';
  });
  for (const kept of document.tabs) {
    yield await check(`　工作表 ${kept.spec.title}`, async () => {
      const { data } = await google.sheets.spreadsheets.values.batchGetByDataFilter({
        spreadsheetId: document.spreadsheetId,
        requestBody: {
          dataFilters: [{ gridRange: { sheetId: document.tabIds[kept.key] ?? 0, endRowIndex: 2 } }],
        },
      });
      parseTab(kept.spec.title, keysOf(kept.spec), data.valueRanges?.[0]?.valueRange ?? {});
      return '欄位鍵完整';
    });
  }
}

/** What receiving servers look for, where the names can be resolved from here. */
async function* mailRecords(): AsyncGenerator<Finding> {
  const domain = /@([^>\s]+)/u.exec(process.env.MAIL_FROM ?? '')?.[1];
  if (!domain) return;
  const texts = async (name: string) =>
    (await resolveTxt(name).catch(() => [])).map((parts) => parts.join(''));
  yield await check(`寄件網域 ${domain} 的 MX`, async () => {
    const records = await resolveMx(domain).catch(() => []);
    return records.length > 0 ? '有' : '查不到（可能此處無法查詢 DNS）';
  });
  for (const [what, name, mark] of [
    ['SPF', domain, 'v=spf1'],
    ['DMARC', `_dmarc.${domain}`, 'v=DMARC1'],
  ] as const)
    yield await check(`　${what}`, async () => {
      const found = (await texts(name)).some((text) => text.startsWith(mark));
      return found ? '有' : '查不到，信件較可能被當成垃圾信；請洽網域管理者';
    });
}

async function check(what: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await work() };
  } catch (error) {
    const detail = error instanceof BrokenTabError || error instanceof Error ? error.message : String(error);
    return { what, ok: false, detail };
  }
}
