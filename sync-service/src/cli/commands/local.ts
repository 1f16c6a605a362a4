import { join, resolve } from 'node:path';
import { lockFolder } from '../../platform/folder-lock.ts';
import { loadProgram } from '../../program/load.ts';
import { remark } from '../output/remark.ts';
import { createLog } from '../../platform/log.ts';
import { secretOf } from '../setup/environment.ts';
import { localOptions, startLocalGoogle } from '../trial/google-local.ts';
import { officeLinks } from '../trial/office-links.ts';
import { clockFor, keepOfficeTime, readOfficeTime } from '../trial/office-time.ts';
import { createService, type Service } from '../service.ts';
import { untilStopped } from '../output/signals.ts';
import { PublicError } from '../../../../contract/public-error.ts';

interface Options {
  program: string;
  data: string;
  port: number;
  webPort: number;
  smtpPort: number;
  /** When the office begins; without it the office goes on at the time at which it stopped. */
  now?: string;
}

const FIRST_DAY = '109-04-21';

/** Shorter than an office's, so that whoever tries it out does not wait two minutes for each tick. */
const TRIAL_GRACE_SECONDS = 20;

/** `npm start` runs the emulator, the mailbox and the sync service in one process, until Ctrl-C. */
export async function local(options: Options): Promise<void> {
  const loaded = await loadProgram(options.program, remark);
  const program = { ...loaded, graceSeconds: Math.min(TRIAL_GRACE_SECONDS, loaded.graceSeconds) };
  const data = resolve(options.data);
  const unlock = lockFolder(data);
  const clock = options.now ? clockFor(options.now) : (readOfficeTime(data) ?? clockFor(FIRST_DAY));
  const stopKeeping = keepOfficeTime(data, clock);
  const closers: (() => Promise<void>)[] = [async () => unlock(), async () => stopKeeping()];
  const closeAll = async () => {
    for (const close of closers.toReversed()) await close();
  };
  let service: Service | null = null;
  const links = () => officeLinks(program, service?.office ?? null, clock);
  try {
    const google = await startLocalGoogle({
      clock,
      links,
      port: options.port,
      smtpPort: options.smtpPort,
      dataDir: join(data, 'google'),
    });
    closers.push(() => google.close());
    service = await createService(
      localOptions(google, {
        program,
        clock,
        store: { folder: join(data, 'service') },
        from: `${program.office} <office@budeng.invalid>`,
        log: createLog(process.env.LOG_LEVEL ?? 'warn'),
        pollSeconds: 10,
        webPort: options.webPort,
        secret: secretOf(data),
      }),
    );
    const opened = service;
    closers.push(() => opened.close());
    await google.deploy(service);
    const stopTime = google.scripts.keepTime();
    closers.push(async () => stopTime());
    await service.startPolling();
    announce(google.emulator.url, links());
  } catch (error) {
    await closeAll();
    throw translate(error, options);
  }
  await untilStopped();
  process.stdout.write('\n正在停止… (stopping)\n');
  await closeAll();
}

function announce(url: string, office: ReturnType<typeof officeLinks>) {
  const lines = [
    '',
    `補登已啟動 (budeng is running)　辦公室時間 ${office.now}`,
    '',
    `  起始頁 start page　　${url}/`,
    `  信　箱 mailbox　　　${url}/mailbox`,
    ...office.forms.map(
      (form) => `  表　單 form　　　　　${url}/forms/d/e/${form.formId}/viewform　${form.title}`,
    ),
    ...office.spreadsheets.map(
      (sheet) => `  試算表 sheet　　　　 ${url}/spreadsheets/d/${sheet.spreadsheetId}/edit　${sheet.title}`,
    ),
    '',
    '按 Ctrl-C 停止，資料會保留。 (Ctrl-C stops; the data is kept.)',
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function translate(error: unknown, options: Options): unknown {
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  if (code !== 'EADDRINUSE') return error;
  const flags = {
    [options.port]: '--port',
    [options.webPort]: '--web-port',
    [options.smtpPort]: '--smtp-port',
  };
  const flag = flags[port ?? -1] ?? '--port';
  return new PublicError({
    sentence: `埠號 ${port} 已被其他程式使用。`,
    remedy: `請以 ${flag} 指定別的埠號，例如 npm start -- ${flag} ${Number(port) + 100}。`,
    english: `Port ${port} is taken by another program; name another one with ${flag}.`,
  });
}
