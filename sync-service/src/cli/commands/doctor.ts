import { statfs } from 'node:fs/promises';
import { resolveMx, resolveTxt } from 'node:dns/promises';
import { HEARTBEAT, LAST_CYCLE, readValue } from '../../ledger/key-values.ts';
import { boundScript, listDocuments } from '../../ledger/documents.ts';
import { systemClock } from '../../../../contract/clock.ts';
import type { Program } from '../../cases/program-rules.ts';
import { formatRocDate, formatRocDateTime } from '../../cases/calendar/roc.ts';
import {
  countByEarlierVersion,
  countCases,
  countNotices,
  countQuarantined,
} from '../../ledger/repositories/statistics.ts';
import { openStore, type Store } from '../../ledger/store.ts';
import { readOutages } from '../../reconciler/circuit-breaker.ts';
import { loadProgram } from '../../program/load.ts';
import { remark } from '../output/remark.ts';
import { connectGoogle, type Google } from '../../google/client.ts';
import { tryConsent } from '../../google/consent.ts';
import { readGrids } from '../../google/spreadsheet.ts';
import { parseTab } from '../../google/tab.ts';
import { PATHS } from '../../../../contract/paths.ts';
import { type ManagedDocument, managedDocuments, knownOffice } from '../../provisioning/office.ts';
import { unerasedIntake } from '../../casework/erasure/retention.ts';
import { coverageWarnings } from '../../program/coverage.ts';
import { formerQueues, readVersions } from '../../casework/program-versions.ts';
import { formChecks } from '../setup/form-checks.ts';
import { mailDomainOf, need, readConnection, readSmtp, tryMail } from '../setup/environment.ts';
import { publicErrorOf } from '../output/failure.ts';
import { askPath, PUBLIC_PATHS } from '../setup/public-paths.ts';
import { type LedgerOptions, storeFor } from '../ledger.ts';

/** A sweep comes every ten minutes; one that fails is no reason for alarm. */
const HEARTBEAT_MINUTES = 25;
/**
 * A DKIM key is found only by its selector, which no record names, so the selectors that mail services choose are
 * tried.
 */
const DKIM_SELECTORS = ['default', 'google', 'selector1', 'selector2', 'mail', 'dkim', 's1', 'k1'];
/** Google's tokens tolerate no more, though signatures of pings tolerate minutes. */
const CLOCK_SECONDS = 60;

export interface Finding {
  what: string;
  ok: boolean;
  /** What was found, and what to do where it is not right. */
  detail: string;
}

/**
 * `budeng doctor` looks at everything that the service needs and prints a line for each. It ends with 1 where something
 * is wrong.
 */
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

/** Runs every check, also after one that failed; only what needs that one's result is left out. */
async function* examine(options: LedgerOptions): AsyncGenerator<Finding> {
  const program = yield* attempt(
    '設定檔',
    () => loadProgram(options.program, remark),
    ({ title }) => title,
  );
  yield* examineMachine(options);
  yield* mailRecords();
  const store = yield* attempt(
    '資料庫',
    () => openStore(storeFor(options.data)),
    async (opened) => `${opened.engine}，案件 ${await countCases(opened.db)} 件`,
  );
  try {
    if (store) yield* examineLedger(store);
    const connection = yield* attempt(
      'Google 憑證',
      () => ({ ...readConnection(), retry: { attempts: 2 } }),
      () => 'OAuth（辦公室帳號）',
    );
    if (connection) yield await consentFinding(connection);
    if (store && program) yield* examineOffice(store, program, connection && connectGoogle(connection));
  } finally {
    await store?.close();
  }
}

async function* examineMachine(options: LedgerOptions): AsyncGenerator<Finding> {
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
  yield await check('寄信伺服器', async () => {
    const smtp = readSmtp();
    await tryMail(smtp);
    return `${smtp.host} 可以連線與登入`;
  });
  const outside = yield* attempt(
    '對外設定',
    () => need(['PUBLIC_URL', 'BUDENG_SECRET']),
    ({ PUBLIC_URL }) => PUBLIC_URL,
  );
  if (!outside) return;
  for (const key of PUBLIC_PATHS)
    yield await check(`　對外路徑 ${PATHS[key].path}`, async () => {
      await askPath(outside.PUBLIC_URL, key, { secret: outside.BUDENG_SECRET, clock: systemClock });
      return '通';
    });
}

async function* examineLedger(store: Store): AsyncGenerator<Finding> {
  yield await check('服務最近一次巡檢', async () => {
    const last = await readValue(store.db, LAST_CYCLE);
    if (!last) throw new Error('從未執行，請啟動 budeng serve');
    return formatRocDateTime(new Date(last));
  });
  yield await check('Apps Script 觸發器的心跳', async () => {
    const last = await readValue(store.db, HEARTBEAT);
    if (!last) throw new Error('從未收到，請在 Apps Script 執行一次 install，並確認 PUBLIC_URL 可由外部連線');
    const minutes = Math.round((Date.now() - new Date(last).getTime()) / 60_000);
    if (minutes > HEARTBEAT_MINUTES)
      throw new Error(
        `${minutes} 分鐘前，應每 10 分鐘一次。請看 Apps Script 的「執行項目」，必要時重新執行 install`,
      );
    return `${minutes} 分鐘前`;
  });
  yield await check('試算表的選單', async () => {
    const roles = new Set((await listDocuments(store.db)).map(({ role }) => role));
    const spreadsheets = [...roles].filter((role) => role === 'office' || role.startsWith('queue:'));
    const without = spreadsheets.filter((role) => !roles.has(boundScript(role)));
    if (without.length > 0)
      throw new Error(`${without.join('、')} 還沒有「補登作業」選單，請重跑 budeng setup，其他事照常`);
    return spreadsheets.length > 0 ? `${spreadsheets.length} 份試算表都有` : '尚未建立試算表';
  });
  yield await check('擱置的收件列', async () => {
    const quarantined = await countQuarantined(store.db);
    if (quarantined > 0) throw new Error(`${quarantined} 列，請執行 budeng quarantined`);
    return '沒有';
  });
  yield await check('信件', async () => {
    const counts = await countNotices(store.db);
    const stuck = (['refused', 'uncertain'] as const)
      .flatMap((state) => (counts.has(state) ? [`${state} ${counts.get(state)}`] : []))
      .join('、');
    if (stuck) throw new Error(`${stuck}，請執行 budeng notices list`);
    return '沒有失敗或結果不明的通知';
  });
  yield await check('個人資料的刪除', async () => {
    const waiting = await unerasedIntake({ store, clock: systemClock });
    if (waiting > 0) throw new Error(`${waiting} 件的收件列與表單回應還在，請看 Apps Script 的「執行項目」`);
    return '沒有未清除的收件列';
  });
}

async function* examineOffice(
  store: Store,
  program: Program,
  google: Google | null,
): AsyncGenerator<Finding> {
  const known = yield* attempt(
    '設定檔的版本',
    async () => {
      const { versions } = await readVersions({ store, baseProgram: program });
      return { versions, former: await formerQueues({ store, program, versions }) };
    },
    ({ versions }) => runningVersions(store, program.key, versions.newest),
  );
  if (!known) return;
  for (const sentence of known.former) yield { what: '停用的佇列', ok: true, detail: sentence };
  for (const sentence of coverageWarnings(program)) yield { what: '路徑', ok: true, detail: sentence };
  const office = yield* attempt(
    '試算表與表單',
    async () => {
      const found = await knownOffice(known.versions.running, store);
      if (!found) throw new Error('尚未建立，請執行 budeng setup');
      return found;
    },
    ({ queues, forms }) =>
      `試算表 ${Object.keys(queues).length + 1} 份、表單 ${Object.keys(forms).length} 份`,
  );
  if (!office || !google) return;
  yield await check('系統時鐘', async () => {
    const { headers } = await google.sheets.spreadsheets.get({
      spreadsheetId: office.office.spreadsheetId,
      fields: 'spreadsheetId',
    });
    const seconds = Math.round(
      (Date.now() - Date.parse(new Headers(headers as HeadersInit).get('date') ?? '')) / 1000,
    );
    if (!(Math.abs(seconds) <= CLOCK_SECONDS))
      throw new Error(`與 Google 相差 ${seconds} 秒，請開啟系統的自動校時（NTP）`);
    return `與 Google 相差 ${seconds} 秒`;
  });
  for (const document of managedDocuments(known.versions.running, office)) {
    yield await outageFinding(store, document.role);
    yield* examineDocument(google, document);
  }
  for (const form of program.forms) {
    const document = office.forms[form.key];
    if (!document) continue;
    for (const { what, work } of formChecks({ google, store, program, form, known: document }))
      yield await check(what, work);
  }
}

/** Whether the office account's consent still holds, and for everything. */
function consentFinding(connection: Parameters<typeof tryConsent>[0]): Promise<Finding> {
  return check('　授權', async () => {
    const { emptyBoxes } = await tryConsent(connection);
    if (emptyBoxes.length > 0)
      throw new Error(`同意時沒有勾選：${emptyBoxes.join('、')}。請重跑 budeng setup，勾選每一項`);
    return '有效';
  });
}

/** How many open cases go by which version of the program file. */
async function runningVersions(store: Store, program: string, newest: string): Promise<string> {
  const rows = await countByEarlierVersion(store.db, program, newest);
  if (rows.length === 0) return '所有未結案件都依目前的設定檔辦理';
  const parts = rows.map(
    ({ version, first_seen, count }) => `第 ${version} 版（${formatRocDate(first_seen)}起）${count} 件`,
  );
  return `依較早的設定檔辦理的未結案件：${parts.join('、')}`;
}

/** Whether a spreadsheet is left alone at present, and why. */
function outageFinding(store: Store, role: string): Promise<Finding> {
  return check(`讀寫 ${role}`, async () => {
    const outage = (await readOutages(store)).get(role);
    if (outage)
      throw new Error(
        `自 ${formatRocDateTime(new Date(outage.since))} 起失敗 ${outage.failures} 次：${outage.reason}`,
      );
    return '正常';
  });
}

/** Looks at the sharing and the key rows of one spreadsheet. */
async function* examineDocument(google: Google, document: ManagedDocument): AsyncGenerator<Finding> {
  const { spreadsheetId } = document;
  yield await check(`試算表 ${document.role}`, async () => {
    const { properties } = await google.call('sheets.get', () =>
      google.sheets.spreadsheets.get({ spreadsheetId, fields: 'properties(title,timeZone)' }),
    );
    const file = await google.call('drive.files.get', () =>
      google.drive.files.get({ fileId: spreadsheetId, fields: 'trashed' }),
    );
    // Google still reads and writes it, until it is gone for good.
    if (file.trashed) throw new Error('在垃圾桶裡，30 天後會永久刪除。請由擁有者移出垃圾桶');
    if (properties?.timeZone !== 'Asia/Taipei')
      throw new Error(`時區是 ${properties?.timeZone}，請改為 Asia/Taipei`);
    return properties.title ?? '';
  });
  yield await check('　共用設定', async () => {
    const { permissions = [] } = await google.call('drive.permissions.list', () =>
      google.drive.permissions.list({ fileId: spreadsheetId, fields: 'permissions(type,role)' }),
    );
    const open = permissions.filter(({ type }) => type === 'anyone' || type === 'domain');
    if (open.length > 0) throw new Error('知道連結的人都能開啟，內有個人資料。請改為只與指定的人共用');
    return `與 ${permissions.length} 個帳號共用`;
  });
  for (const managed of document.tabs)
    yield await check(`　工作表 ${managed.spec.title}`, async () => {
      const header = { sheetId: document.tabIds[managed.key] ?? 0, endRowIndex: 2 };
      const [range = {}] = await readGrids(google, spreadsheetId, [header]);
      const { missing } = parseTab(managed.spec, range);
      if (missing.length > 0) return `缺少 ${missing.length} 欄，服務下次巡檢會補上`;
      return '欄位鍵完整';
    });
}

/** Looks up the DNS records that receiving servers ask for; from some networks they cannot be resolved. */
async function* mailRecords(): AsyncGenerator<Finding> {
  if (!process.env.MAIL_FROM) return;
  const domain = mailDomainOf(process.env.MAIL_FROM);
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
  yield await check('　DKIM', async () => {
    const keys = await Promise.all(
      DKIM_SELECTORS.map((selector) => texts(`${selector}._domainkey.${domain}`)),
    );
    const found = DKIM_SELECTORS.filter((_, index) => keys[index]?.some((text) => text.includes('p=')));
    if (found.length > 0) return `有（${found.join('、')}）`;
    return `常見的選擇器都查不到（${DKIM_SELECTORS.join('、')}）；網域若用別的名稱可不理會`;
  });
}

async function check(what: string, work: () => Promise<string>): Promise<Finding> {
  try {
    return { what, ok: true, detail: await work() };
  } catch (error) {
    return { what, ok: false, detail: publicErrorOf(error)?.message ?? (error as Error).message };
  }
}

/** Runs a check whose result others work with; it is null where the check failed. */
async function* attempt<T>(
  what: string,
  work: () => T | Promise<T>,
  describe: (result: T) => string | Promise<string>,
): AsyncGenerator<Finding, T | null> {
  let result: T | null = null;
  yield await check(what, async () => {
    result = await work();
    return describe(result);
  });
  return result;
}
