import { systemClock } from '../../../../contract/clock.ts';
import { loadProgram } from '../../program/load.ts';
import { remark } from '../output/remark.ts';
import { createBudget, GOOGLE_LIMITS } from '../../google/budget.ts';
import { formerQueues } from '../../casework/program-versions.ts';
import { coverageWarnings } from '../../program/coverage.ts';
import { createLog } from '../../platform/log.ts';
import { mailDomainOf, need, readConnection, readSmtp } from '../setup/environment.ts';
import { storeFor } from '../ledger.ts';
import { createService } from '../service.ts';
import { dieOfUncaught, stopWithin, untilStopped } from '../output/signals.ts';
import { PublicError } from '../../../../contract/public-error.ts';

interface Options {
  program: string;
  data: string;
  webPort: number;
  host: string;
  acceptTrialStore?: boolean;
}

/** `budeng serve` runs the sync service against Google itself. */
export async function serve(options: Options): Promise<void> {
  const program = await loadProgram(options.program, remark);
  const { PUBLIC_URL, BUDENG_SECRET } = need([
    'PUBLIC_URL',
    'BUDENG_SECRET',
    'SMTP_URL',
    'MAIL_FROM',
    'GOOGLE_CREDENTIALS',
  ]);
  if (!process.env.DATABASE_URL && !options.acceptTrialStore)
    throw new PublicError({
      sentence: '沒有指定 PostgreSQL：試用資料庫（PGlite）不做 fsync，斷電會遺失資料。',
      remedy: '正式使用請以 DATABASE_URL 指定 PostgreSQL；若仍要使用，請加上 --accept-trial-store。',
      english: 'PGlite may lose data at a power cut; set DATABASE_URL, or add --accept-trial-store.',
    });
  const log = createLog();
  dieOfUncaught(log);
  const smtp = readSmtp();
  const service = await createService({
    program,
    clock: systemClock,
    store: process.env.DATABASE_URL ? storeFor(options.data) : { folder: `${options.data}/service` },
    google: {
      ...readConnection(),
      budget: createBudget(systemClock, GOOGLE_LIMITS),
    },
    smtp,
    log,
    pollSeconds: 60,
    webPort: options.webPort,
    host: options.host,
    secret: BUDENG_SECRET,
    publicUrl: PUBLIC_URL,
    mailDomain: mailDomainOf(smtp.from),
  });
  await service.startPolling();
  process.stdout.write(`同步服務已啟動：${service.web.url}（查詢頁 ${PUBLIC_URL}）\n`);
  const context = await service.context();
  for (const sentence of [...(await formerQueues(context)), ...coverageWarnings(context.program)])
    process.stdout.write(`${sentence}\n`);
  await untilStopped();
  await stopWithin(() => service.close());
}
