import { existsSync, readFileSync } from 'node:fs';
import { loadEnvFile } from 'node:process';
import { Command } from 'commander';
import { inBothLanguages, publicErrorOf, traceOf } from './output/failure.ts';
import { speakChinese } from './output/usage.ts';
import { PublicError } from '../../../contract/public-error.ts';

/** Declares `budeng <command>`. Each command's parts are loaded only when it runs, so that `--help` is instant. */
const program = speakChinese(new Command('budeng')).description(
  '補登：以 Google 表單與試算表辦理證書補登 (form-and-spreadsheet casework)',
);

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
program.version(version, '-V, --version', '顯示版本 (version)');

program
  .command('local')
  .description(
    '在本機完整試用：模擬 Google、同步服務與信箱 (emulator + sync service + mailbox; this is npm start)',
  )
  .option('--program <file>', '設定檔 (program file)', 'programs/tainan-109.yaml')
  .option('--data <folder>', '資料存放處 (where the data is kept)', 'data')
  .option('--port <number>', '起始頁的埠號 (port of the start page)', toPort, 8090)
  .option('--web-port <number>', '同步服務的埠號 (port of the sync service)', toPort, 8091)
  .option('--smtp-port <number>', '本機信箱的埠號 (port of the local mailbox)', toPort, 8025)
  .option(
    '--now <instant>',
    '辦公室的現在時間，如 109-04-21、2020-04-21T09:00，或 real；預設接續上次，首次為 109-04-21',
  )
  .action(async (options) => (await trial(() => import('./commands/local.ts'))).local(options));

program
  .command('demo')
  .description('快速跑完整個流程並列出統計 (the whole path at speed, in a temporary folder)')
  .option('--json', '輸出一個 JSON 物件 (print one JSON object)')
  .option('--program <file>', '設定檔 (program file)', 'programs/tainan-109.yaml')
  .option('--responses <folder>', '回應的 CSV (responses to submit)', 'test/fixtures/responses-sample')
  .action(async (options) => (await trial(() => import('./commands/demo.ts'))).demo(options));

program
  .command('triage')
  .description('試算分流結果，不寫入任何資料 (dry run over CSV exports, no side effects)')
  .requiredOption('--program <file>', '設定檔 (program file)')
  .requiredOption('--responses <folder>', 'CSV 所在資料夾，檔名即表單鍵 (file name = form key)')
  .option('--format <format>', '輸出格式：jsonl、table 或 ods (format)', 'table')
  .option('--full', '與 --explain 併用：顯示完整個資；預設遮蔽 (unmasked)')
  .option('--explain <form:row>', '說明某一列適用的規則 (tell which rule fired for one row)')
  .option('--out <file>', '輸出檔 (write to a file instead of standard output)')
  .action(async (options) => (await import('./commands/triage.ts')).triageCommand(options));

const withData = (command: Command) =>
  command
    .option('--program <file>', '設定檔 (program file)', 'programs/tainan-109.yaml')
    .option('--data <folder>', '試用資料存放處；設了 DATABASE_URL 則用 PostgreSQL', 'data');

withData(program.command('serve'))
  .description('正式執行同步服務，連線 Google (the sync service against Google; settings in .env)')
  .option('--web-port <number>', '埠號 (port)', toPort, 8091)
  .option('--host <address>', '監聽位址 (address to listen on)', '127.0.0.1')
  .option('--accept-trial-store', '沒有 PostgreSQL 也執行，自負斷電遺失資料的風險')
  .action(async (options) => (await import('./commands/serve.ts')).serve(options));

withData(program.command('setup'))
  .description('一步步把系統裝到辦公室的 Google 帳號 (guided set-up on the office account)')
  .action(async (options) => (await import('./commands/setup.ts')).setup(options));

program
  .command('probe')
  .description(
    '向辦公室的 Google 帳號問十幾個沒有文件寫明的問題，只動自己建立又刪除的試探檔 (asks a real account what no page promises)',
  )
  .option('--out <file>', '另存回答的 JSON (keeps the answers)')
  .option('--json', '只輸出一個 JSON 物件 (print one JSON object)')
  .action(async (options) => (await import('./commands/probe.ts')).probe(options));

withData(program.command('import'))
  .description('把既有表單匯出的 CSV 收為填報；重複執行不會重複收件 (CSV exports as submissions, each once)')
  .requiredOption('--responses <folder>', 'CSV 所在資料夾，檔名即表單鍵')
  .action(async (options) => (await import('./commands/import.ts')).importResponses(options));

withData(program.command('import-registered'))
  .description('讀入作業平臺已登錄名冊（csv、ods、xlsx），據以結案 (cross-check with the platform)')
  .argument('<file>', '名冊，需有姓名、證書字號欄')
  .action(async (file, options) => (await import('./commands/import.ts')).importRegistered(file, options));

withData(program.command('announce'))
  .description('依名冊逐一寄送公告，可中斷後續寄 (personal announcement to a roster, resumable)')
  .requiredOption('--roster <file>', '名冊（csv、ods、xlsx）：姓名、電子郵件、持有證書 (roster)')
  .option('--reminder', '寄提醒而非首次公告')
  .option('--dry-run', '只試算，不寄出')
  .option('--per-minute <number>', '每分鐘最多幾封 (how many a minute)', toCount, 60)
  .action(async (options) => (await import('./commands/announce.ts')).announce(options));

const caseCommand = program.command('case').description('查案件 (look at cases)');
const json = ['--json', '輸出 JSON (print JSON)'] as const;
const full = ['--full', '顯示完整個資；預設遮蔽 (unmasked)'] as const;
withData(caseCommand.command('show'))
  .description('一案的現況 (one case)')
  .argument('<number>', '案號')
  .option(...full)
  .option(...json)
  .action(async (number, options) => (await import('./commands/cases.ts')).caseShow(number, options));
withData(caseCommand.command('history'))
  .description('一案的經過與通知 (its history and notices)')
  .argument('<number>', '案號')
  .option(...json)
  .action(async (number, options) => (await import('./commands/cases.ts')).caseHistory(number, options));
withData(caseCommand.command('find'))
  .description('以部分文字找案件 (find cases)')
  .argument('<text>', '案號、姓名、信箱、學校或證書字號的一部分')
  .option(...full)
  .option(...json)
  .action(async (text, options) => (await import('./commands/cases.ts')).caseFind(text, options));

const noticesCommand = program.command('notices').description('查與處理通知信 (the outbox)');
withData(noticesCommand.command('list'))
  .description('列出待寄、被拒收與結果不明的通知 (what waits, failed or is uncertain)')
  .option('--state <state>', '只列 pending、sent、refused 或 uncertain (only these)')
  .option(...json)
  .action(async (options) => (await import('./commands/cases.ts')).noticesList(options));
withData(noticesCommand.command('retry'))
  .description('再寄一次被拒收的通知 (send a refused one again)')
  .argument('<id>', '被拒收的通知編號')
  .action(async (id, options) => (await import('./commands/cases.ts')).noticesRetry(id, options));
withData(noticesCommand.command('resolve-uncertain'))
  .description('由人確認結果不明的通知 (say how an uncertain one went)')
  .argument('<id>', '結果不明的通知編號')
  .option('--arrived', '教師已收到')
  .option('--resend', '確定沒收到，重寄')
  .action(async (id, options) => (await import('./commands/cases.ts')).noticesResolve(id, options));
withData(noticesCommand.command('told'))
  .description('已用電話等方式告知教師；補正期限自此起算 (told in another way)')
  .argument('<id>', '被拒收或結果不明的通知編號')
  .action(async (id, options) => (await import('./commands/cases.ts')).noticesTold(id, options));

const subjectCommand = program.command('subject').description('當事人的請求 (requests of a person)');
withData(subjectCommand.command('export'))
  .description('答覆當事人的查閱請求：該人的全部資料 (everything about one person, into a file)')
  .argument('<who...>', '信箱、姓名，或兩者')
  .requiredOption('--out <file>', '輸出檔（JSON），只有您能讀取')
  .action(async (who, options) => (await import('./commands/subject.ts')).exportSubject(who, options));

withData(program.command('export'))
  .description('匯出案件 (export cases, masked unless told otherwise)')
  .option('--format <format>', 'ods、xlsx、csv 或 json (format)', 'ods')
  .option('--out <file>', '輸出檔；預設為標準輸出')
  .option(...full)
  .action(async (options) => (await import('./commands/cases.ts')).exportCases(options));

withData(program.command('erase'))
  .description('刪除一案的個人資料，或保存期限已屆的全部案件 (erases personal data)')
  .argument('[number]', '案號')
  .option('--expired', '保存期限已屆的全部案件 (all whose retention has ended)')
  .option('--reason <text>', '依據；會留在案件的經過，勿寫姓名 (why; kept for good)')
  .option('--by <name>', '辦理人的職稱 (who)', 'administrator')
  .option('--withdraw', '未結案的先撤回 (an open case is withdrawn first)')
  .option('--yes', '不再詢問 (no question)')
  .action(async (number, options) => (await import('./commands/erase.ts')).erase(number, options));

withData(program.command('doctor'))
  .description('檢查憑證、試算表、寄信、資料庫與磁碟 (looks at everything the service needs)')
  .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));

withData(program.command('backup'))
  .description('備份整個資料庫 (the whole ledger into one file)')
  .argument('<file>', '備份檔，例如 budeng.jsonl.gz')
  .action(async (file, options) => (await import('./commands/backup.ts')).backup(file, options));

withData(program.command('restore'))
  .description('還原到空的資料庫；試算表由服務補齊 (into an empty ledger; the sheets follow)')
  .argument('<file>', '備份檔')
  .option('--into <folder>', '還原到新的試用資料夾')
  .option('--moved', '搬家：備份之後服務不曾再執行，待寄的通知照寄 (nothing ran since the backup)')
  .action(async (file, options) => (await import('./commands/backup.ts')).restore(file, options));

withData(program.command('rebuild'))
  .description('資料庫遺失且沒有備份時，由試算表與表單重建案件 (a lost ledger, anew from the sheets)')
  .option('--responses <folder>', '當初以 import 匯入的 CSV 資料夾 (exports that were imported)')
  .option('--from-list', '找不到填報內容的案件只依「所有案件」重建 (cases of which only the list tells)')
  .option(
    '--take-unmarked',
    '名稱相符但沒有本系統標記的檔案也採用 (files of the right titles without our mark)',
  )
  .action(async (options) => (await import('./commands/rebuild.ts')).rebuild(options));

withData(program.command('quarantined'))
  .description('列出無法讀取而擱置的收件列與原因 (intake rows that cannot be read, with the reason)')
  .option(...json)
  .action(async (options) => (await import('./commands/cases.ts')).listQuarantinedRows(options));

withData(program.command('preview'))
  .description('把所有通知以範例資料或某一案排成一頁 (all notices on one page)')
  .option('--case <number>', '用這一案的資料')
  .option('--out <file>', '輸出檔', 'notices.html')
  .action(async (options) => (await import('./commands/preview.ts')).preview(options));

/** Runs a command that needs the emulator, whose packages `npm ci --omit=dev` leaves out. */
async function trial<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_MODULE_NOT_FOUND' && code !== 'MODULE_NOT_FOUND') throw error;
    throw new PublicError({
      sentence: '這裡只安裝了正式服務的套件，沒有本機試用所需的模擬器。',
      remedy: '請執行 npm ci，再試一次。',
      english: 'The emulator is not installed; run npm ci.',
    });
  }
}

/** Reads a whole number from 1 on. */
function toCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1)
    throw new PublicError({
      sentence: `「${value}」不是 1 以上的整數。`,
      remedy: '請填數字，例如 60。',
      english: `${value} is not a whole number from 1 on.`,
    });
  return count;
}

function toPort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new PublicError({
      sentence: `「${value}」不是埠號。`,
      remedy: '請填 0 到 65535 的整數。',
      english: `${value} is not a port number.`,
    });
  return port;
}

/** `budeng export | head` closes the pipe early; that is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  // A variable of the shell wins over the same one in `.env`.
  if (existsSync('.env')) loadEnvFile('.env');
  await program.parseAsync();
} catch (error) {
  const said = publicErrorOf(error);
  process.exitCode = 1;
  if (said !== null) process.stderr.write(`${inBothLanguages(said)}\n`);
  // A timer or a connection that is left would keep the process from ending.
  else process.stderr.write(`${traceOf(error)}\n`, () => process.exit());
}
