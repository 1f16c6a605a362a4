import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { importRegistered, importResponses } from '../../../sync-service/src/cli/commands/import.ts';
import { withLedger } from '../../../sync-service/src/cli/ledger.ts';
import { query } from '../../../sync-service/src/ledger/query.ts';

const folder = mkdtempSync(join(tmpdir(), 'budeng-import-'));
const responses = join(folder, 'responses');
const options = { program: 'programs/tainan-109.yaml', data: folder, secret: 'secret' };
let printed = '';
beforeAll(async () => {
  for (const each of ['service', 'responses']) mkdirSync(join(folder, each));
  const row = (name: string, number: number) =>
    `2020/4/21 上午 9:0${number}:15,t${number}@example.com,${name},114601,106,南市教專字第106000000${number}號,x,我已閱讀並同意`;
  writeFileSync(
    join(responses, 'initial.csv'),
    `時間戳記,電子郵件地址,姓名,服務學校,取得學年度,證書字號,證書掃描檔,個人資料蒐集同意\n${row('王小明', 1)}\n${row('李二', 2)}\n`,
  );
  // What teachers type is cleaned of all that a database refuses: here it refuses one name.
  await withLedger(options, async ({ store }) => {
    await sql`alter table cases add check (name_key <> '王小明')`.execute(query(store.db));
    await sql`alter table registered_elsewhere add check (name_key <> '王小明')`.execute(query(store.db));
  });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  printed = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      printed += String(text);
      return true;
    });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = 0;
});

it('budeng import leaves out the one row that cannot be taken in, says which, and takes the others', async () => {
  await importResponses({ ...options, responses });
  expect(printed).toContain('讀到 2 列，新收 1 件，其餘先前已收；1 列沒有收件');
  expect(printed).toMatch(/「初階證書補登.*」109年4月21日（二）上午9時1分的填報沒有收件/u);
  expect(printed).not.toContain('王小明');
  expect(process.exitCode).toBe(1);
});

it('budeng import-registered does too', async () => {
  const file = join(folder, 'registered.csv');
  writeFileSync(file, '姓名,證書字號\n王小明,南市教專字第1號\n陳三,南市教專字第2號\n');
  await importRegistered(file, options);
  expect(printed).toContain('名冊 1 筆');
  expect(printed).toContain('第 2 列無法處理');
  expect(printed).not.toContain('王小明');
  expect(process.exitCode).toBe(1);
});

it.each([
  ['沒有姓名或證書字號', ',南市教專字第3號'],
  ['沒有姓名或證書字號', '趙四,'],
  ['姓名或證書字號太長', `${'趙'.repeat(20_000)},南市教專字第3號`],
  ['姓名或證書字號太長', `趙四,${'9'.repeat(20_000)}`],
])('budeng import-registered names a row with %s, takes the others and ends with 1', async (what, row) => {
  const file = join(folder, 'registered.csv');
  writeFileSync(file, `姓名,證書字號\n${row}\n\n陳三,南市教專字第2號\n`);
  await importRegistered(file, options);
  expect(printed).toMatch(new RegExp(`registered.csv 第 2 列(的)?${what}`, 'u'));
  expect(printed).toMatch(/名冊 1 筆（另有 1 列/u);
  expect(printed).not.toContain('趙');
  expect(process.exitCode).toBe(1);
});

it('a list without such a row ends with 0', async () => {
  const file = join(folder, 'registered.csv');
  writeFileSync(file, '姓名,證書字號\n\n陳三,南市教專字第2號\n\n');
  await importRegistered(file, options);
  expect(printed).toContain('名冊 1 筆；');
  expect(process.exitCode ?? 0).toBe(0);
});

it('budeng import names a row whose timestamp cannot be read, and takes the others', async () => {
  const file = join(responses, 'initial.csv');
  const whole = readFileSync(file, 'utf8');
  const [title = '', , second = ''] = whole.split('\n');
  const added = second.replace('李二', '陳三').replace('000002', '000003');
  writeFileSync(file, [title, added.replace(/^[^,]+/u, '昨天下午'), added, ''].join('\n'));
  try {
    await importResponses({ ...options, responses });
  } finally {
    writeFileSync(file, whole);
  }
  expect(printed).toContain('initial.csv 第 2 列的時間戳記「昨天下午」看不懂');
  expect(printed).toContain('讀到 2 列，新收 1 件，其餘先前已收；1 列沒有收件');
  expect(process.exitCode).toBe(1);
});
