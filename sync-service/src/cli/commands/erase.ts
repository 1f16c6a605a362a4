import { storable } from '../../../../contract/cell-text.ts';
import { LONGEST_ACTOR, LONGEST_REASON } from '../../cases/reading/sizes.ts';
import { createLog } from '../../platform/log.ts';
import { withdraw } from '../../casework/review/undo.ts';
import { listNamesakes } from '../../ledger/repositories/earlier-cases.ts';
import { countUndone } from '../../ledger/repositories/erasures.ts';
import type { Case } from '../../ledger/schema.ts';
import { createInterface } from 'node:readline/promises';
import { FINAL_STATES } from '../../cases/lifecycle.ts';
import { askErasure, carryOut, carryOutErasures, stillOpen } from '../../casework/erasure/erase.ts';
import { askExpired, endingBefore, eraseLeftovers } from '../../casework/erasure/retention.ts';
import type { CaseContext } from '../../casework/context.ts';
import { needCase } from './cases.ts';
import { caseContextOf, type LedgerOptions, withLedger } from '../ledger.ts';
import { print } from '../output/print.ts';
import { PublicError } from '../../../../contract/public-error.ts';

interface Options extends LedgerOptions {
  secret?: string;
  expired?: boolean;
  reason?: string;
  by: string;
  withdraw?: boolean;
  yes?: boolean;
}

/** `budeng erase` erases one case at its teacher's request, or all whose retention has ended. */
export async function erase(number: string | undefined, typed: Options): Promise<void> {
  if (Boolean(number) === Boolean(typed.expired))
    throw new PublicError({
      sentence: '案號與 --expired 要擇一。',
      remedy: '請擇一：案號（一位教師的請求），或 --expired（保存期限已屆的全部案件）。',
      english: 'Give either a case number or --expired.',
    });
  const { reason, ...rest } = typed;
  const options = {
    ...rest,
    by: keptText('--by', typed.by, LONGEST_ACTOR),
    ...(reason === undefined ? {} : { reason: keptText('--reason', reason, LONGEST_REASON) }),
  };
  await withLedger(options, async (ledger) => {
    const context = caseContextOf(ledger, options);
    await (number ? eraseOne(context, number, options) : eraseExpired(context, options));
  });
}

/** What stays in the history for good passes the same gate and the same limits as what is typed beside a decision. */
function keptText(option: string, typed: string, most: number): string {
  const text = storable(typed).trim();
  if (text.length > most)
    throw new PublicError({
      sentence: `${option} 最多 ${most} 字。`,
      remedy: '請縮短。',
      english: `${option} takes at most ${most} characters.`,
    });
  if (text === '')
    throw new PublicError({
      sentence: `${option} 沒有內容。`,
      remedy: '請寫出文字，或不加這個選項。',
      english: `${option} is empty.`,
    });
  return text;
}

async function eraseOne(context: CaseContext, number: string, options: Options) {
  if (!options.reason)
    throw new PublicError({
      sentence: '沒有寫明依據。',
      remedy: '請以 --reason 寫明依據，例如 --reason 當事人請求。勿寫姓名。',
      english: 'Say why with --reason; no names.',
    });
  const found = await needCase(context.store, number);
  if (found.erased_at) {
    print(`案件 ${number} 的個人資料先前已刪除。`);
    return;
  }
  const open = !FINAL_STATES.includes(found.state);
  if (open && !options.withdraw)
    throw new PublicError({
      sentence: stillOpen(found),
      remedy: '',
      english: 'This case is open; --withdraw withdraws it first.',
    });
  await confirm(options, `將刪除案件 ${number} 的個人資料，無法復原。`);
  const by = { actor: options.by, reason: options.reason };
  if (open) {
    const taken = await withdraw(context, found, by);
    if ('refused' in taken)
      throw new PublicError({
        sentence: taken.refused,
        remedy: '',
        english: 'The case cannot be withdrawn.',
      });
    print(`案件 ${number} 已撤回。`);
  }
  await askErasure(context, found.id, { ...by, evenOpen: false });
  const erased = await carryOut(context, found.id);
  if (erased === 'erased') print(`案件 ${number} 的個人資料已從資料庫刪除。`);
  else
    print(
      `案件 ${number} 已登記刪除，${'waits' in erased ? erased.waits : erased.refused}；之後由服務自動完成。`,
    );
  await tellTheRest(context, found);
}

/** Says what no program of ours can take away, and which other cases may be the same teacher's. */
async function tellTheRest({ store, program }: CaseContext, { id, facts, name_key }: Case) {
  const others = await listNamesakes(store.db, program.key, { id, name_key });
  if (others.length > 0)
    print(`同一姓名另有案件：${others.join('、')}。當事人的請求若及於全部，請逐案刪除。`);
  print('試算表與表單回應由服務與 Apps Script 隨後清除。請另行處理：');
  for (const link of facts.evidence ?? []) print(`  雲端硬碟的上傳檔案　${link}`);
  print('  既有的備份與匯出檔、寄出的信件與名冊、試算表的版本記錄');
}

async function eraseExpired(ofCases: CaseContext, options: Options) {
  const context = { ...ofCases, log: createLog() };
  const due = await endingBefore(context, context.clock.now());
  if (due.length === 0) print('沒有保存期限已屆的案件。');
  else {
    const open = due.filter(({ state }) => !FINAL_STATES.includes(state)).length;
    await confirm(
      options,
      `將刪除 ${due.length} 件的個人資料${open > 0 ? `（其中 ${open} 件尚未結案）` : ''}，無法復原。`,
    );
    await askExpired(context, { limit: due.length, by: { actor: options.by, reason: options.reason } });
  }
  let done = 0;
  for (let more = -1; more !== 0; done += more) more = await carryOutErasures(context);
  await eraseLeftovers(context);
  const waiting = await countUndone(context.store.db);
  if (due.length > 0)
    print(
      `已從資料庫刪除 ${done} 件的個人資料${waiting > 0 ? `，${waiting} 件等候通知寄出後由服務自動完成` : ''}。試算表與表單回應隨後清除；備份、上傳檔案與寄出的信件請另行處理。`,
    );
}

async function confirm({ yes }: Options, sentence: string) {
  if (yes) return;
  if (!process.stdin.isTTY)
    throw new PublicError({
      sentence,
      remedy: '請加上 --yes 確認。',
      english: 'This cannot be undone; add --yes.',
    });
  const ask = createInterface({ input: process.stdin, output: process.stdout });
  try {
    if ((await ask.question(`${sentence}輸入「刪除」確認：`)).trim() !== '刪除')
      throw new PublicError({
        sentence: '未刪除。',
        remedy: '要刪除請再執行一次，並輸入「刪除」。',
        english: 'Nothing was erased.',
      });
  } finally {
    ask.close();
  }
}
