import { Command } from 'commander';
import { UserError } from './user-error.ts';

/** `budeng <command>`. Each command's parts are loaded only when it runs, so that `--help` is instant. */
const program = new Command('budeng')
  .description('補登：以 Google 表單與試算表辦理證書補登 (form-and-spreadsheet casework)')
  .showHelpAfterError('（加上 --help 可看用法 / add --help for usage）');

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
  .option('--now <instant>', '辦公室的現在時間，如 109-04-21、2020-04-21T09:00，或 real', '109-04-21')
  .action(async (options) => (await import('./local.ts')).local(options));

program
  .command('demo')
  .description('快速跑完整個流程並列出統計 (the whole path at speed, in a temporary folder)')
  .option('--json', '輸出一個 JSON 物件 (print one JSON object)')
  .option('--program <file>', '設定檔 (program file)', 'programs/tainan-109.yaml')
  .option('--responses <folder>', '回應的 CSV (responses to submit)', 'test/fixtures/responses-sample')
  .action(async (options) => (await import('./demo.ts')).demo(options));

program
  .command('triage')
  .description('試算分流結果，不寫入任何資料 (dry run over CSV exports, no side effects)')
  .requiredOption('--program <file>', '設定檔 (program file)')
  .requiredOption('--responses <folder>', 'CSV 所在資料夾，檔名即表單鍵 (file name = form key)')
  .option('--format <format>', 'jsonl | table | ods', 'table')
  .option('--explain <form:row>', '說明某一列適用的規則 (tell which rule fired for one row)')
  .option('--out <file>', '輸出檔 (write to a file instead of standard output)')
  .action(async (options) => (await import('./triage-command.ts')).triageCommand(options));

function toPort(value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UserError(`「${value}」不是埠號（0–65535）。 (${value} is not a port number.)`);
  return port;
}

try {
  await program.parseAsync();
} catch (error) {
  if (!isForUser(error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

/** Errors whose message tells a person what to do: shown without a stack trace. */
function isForUser(error: unknown): error is Error {
  return (
    error instanceof UserError ||
    (error instanceof Error &&
      ['ProgramError', 'FolderInUseError', 'GoogleError'].includes(error.constructor.name))
  );
}
