import type { IntakeColumn } from '../../../contract/intake-key.ts';
import { takeIn } from './intake-tab.ts';
import { observeSettings, settingRows } from './settings-tab.ts';
import {
  ACTIONS,
  BATCHES,
  type BatchKey,
  CASES,
  type CasesKey,
  DISPATCH,
  type DispatchKey,
  DASHBOARD,
  HISTORY,
  INTAKE,
  QUEUE,
  type QueueKey,
  SCOPES,
  SETTINGS,
  type SettingsKey,
  TEMPLATES,
  type TemplatesKey,
  type TabSpec,
  withAnswers,
} from '../../../contract/tabs.ts';
import { outcomesFor } from '../cases/routing.ts';
import { STATES } from '../cases/lifecycle.ts';
import type { DesiredRow, Observed } from '../google/reconcile.ts';
import type { TabLook } from '../google/layout.ts';
import type { Tab } from '../google/tab.ts';
import { caseRows, observeActions } from './cases-tab.ts';
import { officeHistory, queueHistory } from './history-tab.ts';
import { takeDecisions, queueRows } from './queue-tab.ts';
import { batchRows, dispatchRows, observeBatches, observeDispatch } from './dispatch-tab.ts';
import type { ProgramStage, Program } from '../cases/program-rules.ts';
import type { TabContext } from '../casework/context.ts';
import { dashboardRows } from '../casework/statistics.ts';
import { observeWording, wordingRows } from './wording-tab.ts';
import { answerColumns, OVERDUE, WAITING_WORD } from '../casework/queue-rows.ts';

/** One tab that the service keeps: how it looks, what is read from it, what shall stand in it. */
export interface ManagedTab {
  /** Key of the tab inside its spreadsheet. */
  key: string;
  spec: TabSpec;
  look(program: Program): TabLook<string>;
  /** Reads it before the other tabs, since a teacher waits for an answer. */
  first?: true;
  /** It says only what the ledger says, and offices of version 0.1 lack it: a lost ledger is rebuilt without it. */
  derived?: true;
  /** Takes what persons typed. `others` are the spreadsheet's other tabs by key. */
  observe(context: TabContext, tab: Tab<string>, others: ReadonlyMap<string, Tab<string>>): Promise<Observed>;
  /** The rows that the tab shall have; null where they are the script's. */
  desired(context: TabContext): Promise<DesiredRow[] | null>;
}

const RED = { red: 0.98, green: 0.85, blue: 0.83 };
const YELLOW = { red: 1, green: 0.95, blue: 0.75 };
const ORANGE = { red: 1, green: 0.9, blue: 0.8 };
const GREEN = { red: 0.87, green: 0.96, blue: 0.87 };
const BLUE = { red: 0.86, green: 0.93, blue: 1 };

/** The stages that a queue has a part in. */
function stagesAt(program: Program, queue: string): ProgramStage[] {
  return Object.values(program.stages).filter(
    (stage) => stage.queue === queue || stage.secondQueue === queue,
  );
}

/** Every decision that may come up in a queue. */
function decisionsAt(program: Program, queue: string): string[] {
  const own = stagesAt(program, queue).flatMap((stage) => outcomesFor(program, stage, queue));
  // A case that is forwarded here brings its stage along, so every decision of any stage may come up.
  return program.outcomes
    .filter((outcome) => outcome.to !== queue && (own.includes(outcome) || isForwardedTo(program, queue)))
    .map((outcome) => outcome.label);
}

/** Columns that no case of this queue can fill under any running version. */
function blankAt(programs: readonly Program[], queue: string): QueueKey[] {
  const any = (can: (program: Program) => boolean) => programs.some(can);
  const asks = (program: Program) =>
    program.forms.some(({ fields }) => fields.some(({ key }) => key === 'description'));
  const sendsLetters = ({ stages }: Program) =>
    Object.values(stages).some(({ kind }) => kind === 'compile-and-dispatch');
  return [
    ...(any(asks) ? [] : (['description'] as const)),
    ...(any((program) => isForwardedTo(program, queue)) ? [] : (['handover'] as const)),
    ...(any(sendsLetters) ? [] : (['letter'] as const)),
  ];
}

/** Lists the tabs of one queue's spreadsheet, with what every running version of the program needs there. */
export function queueTabs(programs: readonly Program[], queue: string): ManagedTab[] {
  const choices = new Set(programs.flatMap((program) => decisionsAt(program, queue)));
  const tabs: ManagedTab[] = [
    {
      key: 'queue',
      spec: withAnswers(QUEUE, 'description', answerColumns(programs)),
      look: () => ({
        choices: { decision: [...choices] },
        choicesBy: ['state', 'stage'],
        hidden: blankAt(programs, queue),
        rules: [
          { title: '已函報', column: 'state', contains: STATES.dispatched, colour: BLUE },
          { title: '已補正（有修改）', column: 'changed', colour: YELLOW },
          { title: '決定未採用', column: 'result', colour: ORANGE },
          { title: '已勾選，待生效', column: 'result', contains: WAITING_WORD, colour: GREEN },
          { title: '逾期', column: 'state', contains: OVERDUE, colour: RED },
          { title: '審核中', column: 'state', contains: STATES['in-review'] },
          { title: '已填審核者', column: 'reviewer' },
        ],
      }),
      observe: (context, tab: Tab<QueueKey>) => takeDecisions(context, queue, tab),
      desired: (context) => queueRows(context, queue),
    },
  ];
  const history = historyTab((context) => queueHistory(context, queue));
  const compiles = programs.some((program) =>
    stagesAt(program, queue).some((stage) => stage.kind === 'compile-and-dispatch'),
  );
  if (!compiles) return [...tabs, history];
  return [
    ...tabs,
    {
      key: 'dispatch',
      spec: DISPATCH,
      look: () => ({ choices: {} }),
      observe: (context, tab: Tab<DispatchKey>) => observeDispatch(context, queue, tab),
      desired: (context) => dispatchRows(context, queue),
    },
    {
      key: 'batches',
      spec: BATCHES,
      look: () => ({ choices: { scope: Object.values(SCOPES) } }),
      observe: async (context, tab: Tab<BatchKey>, others) => {
        const waiting = others.get('dispatch');
        // Without the list of waiting cases nobody can know what was ticked there.
        if (!waiting) return { handled: new Map(), waiting: 0 };
        return observeBatches(context, queue, tab, waiting as Tab<DispatchKey>);
      },
      desired: (context) => batchRows(context, queue),
    },
    history,
  ];
}

function historyTab(desired: ManagedTab['desired']): ManagedTab {
  return {
    key: 'history',
    spec: HISTORY,
    derived: true,
    look: () => ({ choices: {} }),
    observe: async () => ({ handled: new Map(), waiting: 0 }),
    desired,
  };
}

function isForwardedTo(program: Program, queue: string): boolean {
  return program.outcomes.some((outcome) => outcome.to === queue);
}

/** Lists the tabs of the restricted office spreadsheet. */
export function officeTabs(programs: readonly Program[]): ManagedTab[] {
  return [
    {
      key: 'cases',
      spec: withAnswers(CASES, 'certificateNumber', answerColumns(programs)),
      look: () => ({ choices: { action: Object.values(ACTIONS) } }),
      observe: (context, tab: Tab<CasesKey>) => observeActions(context, tab),
      desired: caseRows,
    },
    historyTab(officeHistory),
    {
      key: 'settings',
      spec: SETTINGS,
      look: () => ({ choices: {} }),
      observe: (context, tab: Tab<SettingsKey>) => observeSettings(context, tab),
      desired: settingRows,
    },
    {
      key: 'templates',
      spec: TEMPLATES,
      look: () => ({ choices: {} }),
      observe: (context, tab: Tab<TemplatesKey>) => observeWording(context, tab),
      desired: wordingRows,
    },
    {
      key: 'dashboard',
      spec: DASHBOARD,
      look: (program) => ({
        choices: {},
        charts: [
          { title: '各單位待審件數', from: 0, rows: program.queues.length, columns: ['count', 'overdue'] },
          {
            title: '各狀態案件數',
            from: program.queues.length,
            rows: Object.keys(STATES).length,
            columns: ['count'],
          },
        ],
      }),
      observe: async () => ({ handled: new Map(), waiting: 0 }),
      desired: dashboardRows,
    },
    {
      key: 'intake',
      spec: INTAKE,
      first: true,
      look: () => ({ choices: {}, closed: true }),
      observe: async (context, tab: Tab<IntakeColumn>) => ({
        handled: new Map(),
        waiting: 0,
        takenIn: await takeIn(context, tab),
      }),
      desired: async () => null,
    },
  ];
}
