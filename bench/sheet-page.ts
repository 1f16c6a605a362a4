import { formsPlugin, pagesPlugin, scriptPlugin, startEmulator } from 'google-on-this-machine';
import { officeClock } from '../contract/clock.ts';
import { recordOf } from '../contract/records.ts';
import { FIRST_DATA_ROW, keysOf, QUEUE } from '../contract/tabs.ts';
import { localCredential } from '../sync-service/src/cli/trial/google-local.ts';
import { connectGoogle } from '../sync-service/src/google/client.ts';
import { decorationRequests, rowRequests, tabRequests } from '../sync-service/src/google/layout.ts';
import { cellData } from '../sync-service/src/google/tab.ts';
import { openBrowser, openedBytes } from '../test/browser/browser.ts';

/**
 * A queue tab of N rows in a real browser: until its rows are shown, and until one more cell is typed, saved and read back.
 *   node bench/sheet-page.ts [rows] → one line of JSON; ends with 1 where the bar is missed.
 */
const BAR_MS = 2000;
const RUNS = 5;
const rows = Number(process.argv[2] ?? 5000);

const clock = officeClock(new Date('2020-04-21T01:00:00Z'), { frozen: true });
const emulator = await startEmulator({
  clock,
  auth: 'service-account',
  plugins: [
    (opened) => {
      const forms = formsPlugin(opened);
      pagesPlugin({
        forms,
        mailbox: null,
        scripts: scriptPlugin(opened, forms),
        editor: () => opened.drive.account.emailAddress,
      })(opened);
    },
  ],
});
const browser = await openBrowser();
try {
  const spreadsheetId = await fill(rows);
  const reason = keysOf(QUEUE).indexOf('reason');
  const shown: number[] = [];
  const usable: number[] = [];
  let bytes = 0;
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // Counting turns the cache off: each run is a first view.
  const opened = await openedBytes(page);
  for (let run = 0; run < RUNS; run += 1) {
    await page.goto('about:blank');
    opened.reset();
    const start = performance.now();
    await page.goto(`${emulator.url}/spreadsheets/d/${spreadsheetId}/edit?gid=0`);
    await page.locator('[data-rgrow="0"]').getByText('TN109-000001').waitFor();
    shown.push(performance.now() - start);
    // Where a font comes in late, lines move under the pointer.
    await page.evaluate(() => document.fonts.ready);
    await page.locator('revogr-data [data-rgrow="0"]').last().hover();
    await page.mouse.wheel(5000, 0);
    await page.locator(`revogr-data [data-column="${reason}"][data-rgrow="${run}"]`).last().dblclick();
    await page.locator('revogr-edit input').waitFor();
    const typed = `第${run}次`;
    await page.keyboard.type(typed);
    await page.keyboard.press('Enter');
    await page.getByText('已儲存').waitFor();
    usable.push(performance.now() - start);
    const stored = emulator.sheets.tab(spreadsheetId, 0)?.rows[FIRST_DATA_ROW - 1 + run]?.[reason];
    if (stored?.userEnteredValue?.stringValue !== typed) throw new Error('the cell was not saved');
    bytes = opened.total();
  }
  const result = {
    bench: 'sheet-page',
    rows,
    runs: RUNS,
    shownMs: median(shown),
    typedAndSavedMs: median(usable),
    slowestMs: Math.round(Math.max(...usable)),
    gzippedKilobytes: Math.round(bytes / 1000),
    barMs: BAR_MS,
    ok: median(usable) <= BAR_MS,
  };
  console.log(JSON.stringify(result));
  if (!result.ok) process.exitCode = 1;
} finally {
  await browser.close();
  await emulator.close();
}

/** Through Google's API, as the service writes it. */
async function fill(count: number): Promise<string> {
  const { sheets } = connectGoogle({ rootUrl: emulator.url, credential: localCredential() });
  const made = await sheets.spreadsheets.create({
    requestBody: { sheets: [{ properties: { sheetId: 0, title: QUEUE.title } }] },
  });
  const spreadsheetId = made.data.spreadsheetId ?? '';
  const keys = keysOf(QUEUE);
  const cells = (n: number): Record<string, string | number | boolean> => ({
    case: `TN109-${String(n).padStart(6, '0')}`,
    revision: 1 + (n % 3),
    state: n % 7 === 0 ? '審核中（逾期）' : '審核中',
    stage: '市教專中心審核後登錄',
    received: `109年4月${1 + (n % 28)}日（二）上午9時${n % 60}分`,
    due: `109年5月${1 + (n % 28)}日（三）`,
    name: `王小${String.fromCodePoint(0x4e00 + ((n * 7919) % 5000))}`,
    school: `東區第${n % 337}國民小學`,
    level: '初階',
    schoolYear: 95 + (n % 13),
    certificateNumber: `南市教專字第106${String((n * 104_729) % 10_000_000).padStart(7, '0')}號`,
    findings: n % 5 === 0 ? '另有他人填報同一證書字號。' : '',
    evidence: `https://drive.google.com/open?id=${((n * 2_654_435_761) % 4_294_967_296).toString(36)}`,
    changed: n % 9 === 0 ? '服務學校、證書掃描檔' : '',
    ready: false,
  });
  const data = Array.from({ length: count }, (_, i) => {
    const row = cells(i + 1);
    return { values: keys.map((key) => (key in row ? cellData(row[key] ?? '') : {})) };
  });
  const look = {
    choices: { decision: ['通過登錄', '退回補件', '不予登錄'] },
    editors: ['sync@budeng.invalid'],
  };
  await sheets.spreadsheets.batchUpdate({
    spreadsheetId,
    requestBody: {
      requests: [
        ...tabRequests(QUEUE, 0, look),
        { appendDimension: { sheetId: 0, dimension: 'ROWS', length: count } },
        {
          updateCells: {
            start: { sheetId: 0, rowIndex: FIRST_DATA_ROW - 1, columnIndex: 0 },
            rows: data,
            fields: 'userEnteredValue',
          },
        },
        ...rowRequests(
          QUEUE,
          0,
          recordOf(keysOf(QUEUE), (key) => keysOf(QUEUE).indexOf(key)),
          look.choices,
          { from: FIRST_DATA_ROW - 1, to: FIRST_DATA_ROW - 1 + count },
        ),
        ...decorationRequests(QUEUE, 0, {}),
      ],
    },
  });
  return spreadsheetId;
}

function median(values: readonly number[]): number {
  return Math.round(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
}
