import { systemClock } from '../../../../contract/clock.ts';
import { openStore } from '../../ledger/store.ts';
import { loadProgram } from '../../program/load.ts';
import { remark } from '../output/remark.ts';
import { connectGoogle } from '../../google/client.ts';
import type { UnmarkedFile } from '../../google/files.ts';
import { describeUnmarked } from '../../provisioning/own-files.ts';
import { askWhetherOwn, openTerminal } from '../setup/terminal.ts';
import { isHalfRebuilt, rebuildLedger } from '../../provisioning/rebuild.ts';
import { readVersions } from '../../casework/program-versions.ts';
import { mailDomainOf, need, readConnection, readSmtp } from '../setup/environment.ts';
import { type LedgerOptions, storeFor } from '../ledger.ts';
import { countCases } from '../../ledger/repositories/statistics.ts';
import { freshRows } from '../files/import-rows.ts';
import { readResponses } from '../files/responses.ts';
import { PublicError } from '../../../../contract/public-error.ts';

/** Takes files that bear no mark where the flag or a person at the terminal says so, and names them. */
async function takeUnmarked(files: readonly UnmarkedFile[], flag: boolean): Promise<boolean> {
  if (flag) {
    for (const file of files) process.stdout.write(`採用沒有標記的檔案：${describeUnmarked(file)}\n`);
    return true;
  }
  if (!process.stdin.isTTY) return false;
  const terminal = openTerminal();
  try {
    return await askWhetherOwn(terminal, '不重建')(files);
  } finally {
    terminal.close();
  }
}

/** `budeng rebuild` makes a lost ledger without a backup anew, from the spreadsheets and forms. */
export async function rebuild(
  options: LedgerOptions & { responses?: string; fromList?: boolean; takeUnmarked?: boolean },
): Promise<void> {
  const { BUDENG_SECRET } = need(['BUDENG_SECRET', 'GOOGLE_CREDENTIALS', 'SMTP_URL', 'MAIL_FROM']);
  const program = await loadProgram(options.program, remark);
  const store = await openStore(storeFor(options.data));
  try {
    if ((await countCases(store.db)) > 0 && !(await isHalfRebuilt(store)))
      throw new PublicError({
        sentence: '資料庫已有案件，未重建。',
        remedy: '請指定空的資料庫。',
        english: 'The ledger is not empty; name an empty one.',
      });
    const google = connectGoogle(readConnection());
    const responses = options.responses ? await readResponses(program, options.responses) : [];
    const parts = {
      baseProgram: program,
      ...(await readVersions({ store, baseProgram: program })),
      store,
      google,
      clock: systemClock,
      mailDomain: mailDomainOf(readSmtp().from),
      secret: BUDENG_SECRET,
    };
    const { cases, unreadable, unknown, listedOnly } = await rebuildLedger(parts, {
      importsBeside: (known) => freshRows(known, responses),
      fromList: options.fromList ?? false,
      isOwn: (files) => takeUnmarked(files, options.takeUnmarked ?? false),
    });
    process.stdout.write(
      [
        `已由試算表重建 ${cases} 案，案號與狀態依「所有案件」。`,
        unknown > 0 ? `其中 ${unknown} 案不在「所有案件」，啟動服務後會通知填報教師。` : '',
        listedOnly > 0 ? `其中 ${listedOnly} 案只依「所有案件」的那一列重建，沒有佐證與備註。` : '',
        unreadable > 0 ? `收件有 ${unreadable} 列無法讀取，啟動服務後以 budeng quarantined 查看。` : '',
        '從前的審核理由與函報批次只存在遺失的資料庫，無法重建。',
      ]
        .filter(Boolean)
        .join('\n') + '\n',
    );
  } finally {
    await store.close();
  }
}
