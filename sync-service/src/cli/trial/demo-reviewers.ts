import type { sheets_v4 } from 'googleapis/build/src/apis/sheets/v4.js';
import type { OfficeClock } from '../../../../contract/clock.ts';
import { QUEUE } from '../../../../contract/tabs.ts';
import { writeCell } from '../../google/reconcile.ts';
import { type Cell, parseTab } from '../../google/tab.ts';
import type { Program, ProgramOutcome } from '../../cases/program-rules.ts';
import { actAs } from 'google-on-this-machine';
import type { LocalGoogle } from './google-local.ts';
import { REVIEWER_ACCOUNT } from './people.ts';
import type { Service } from '../service.ts';

/** Works through the tabs as reviewers do: picks from the drop-down, gives a reason, ticks. */
export async function decideAsReviewers(
  google: LocalGoogle,
  service: Service,
  clock: OfficeClock,
): Promise<void> {
  const { program } = await service.context();
  for (const queue of program.queues) tickAll(google, service, program, queue.key);
  // The first cycle sees the ticks, the second, after the grace time, takes the decisions, and the third finds nothing
  // left to do.
  await service.cycle();
  clock.advance(program.graceSeconds * 1000 + 1000);
  await service.cycle();
  await service.cycle();
}

function tickAll(google: LocalGoogle, { office }: Service, program: Program, queueKey: string) {
  const document = office.queues[queueKey];
  if (!document) return;
  const { spreadsheetId, tabIds } = document;
  const sheetId = tabIds.queue ?? 0;
  const tab = parseTab(
    QUEUE,
    google.emulator.sheets.valuesGet(spreadsheetId, `'${QUEUE.title}'`, {
      valueRenderOption: 'UNFORMATTED_VALUE',
    }),
  );
  const requests: sheets_v4.Schema$Request[] = [];
  for (const [index, row] of tab.rows.entries()) {
    const choices = outcomesInStage(program, String(row.cells.stage));
    // Every ninth entry is returned and every thirteenth refused, so that all ways of ending occur.
    const key = index % 9 === 8 ? 'return' : index % 13 === 12 ? 'reject' : null;
    const outcome = choices.find((each) => each.key === key) ?? choices[0];
    if (!outcome) continue;
    const write = (column: 'decision' | 'reason' | 'reviewer' | 'ready', value: Cell) =>
      requests.push(writeCell(sheetId, row.index, tab.columns[column], value));
    write('decision', outcome.label);
    if (outcome.reasonRequired) write('reason', '示範資料：請依說明辦理');
    write('reviewer', '示範審核者');
    write('ready', true);
  }
  if (requests.length > 0)
    actAs(REVIEWER_ACCOUNT, () =>
      google.emulator.sheets.batchUpdate(spreadsheetId, { requests }, { byHand: true }),
    );
}

function outcomesInStage(program: Program, label: string): ProgramOutcome[] {
  const kind = Object.values(program.stages).find((stage) => stage.label === label)?.kind;
  return program.outcomes.filter((outcome) => kind && (outcome.stages?.includes(kind) ?? true));
}
