import {
  ACTIONS,
  BATCHES,
  type BatchKey,
  CASES,
  type CasesKey,
  DISPATCH,
  type DispatchKey,
  DASHBOARD,
  QUEUE,
  type QueueKey,
  SCOPES,
  SETTINGS,
  type SettingsKey,
  TEMPLATES,
  type TemplatesKey,
  type TabSpec,
} from '../../../contract/tabs.ts';
import { outcomesFor } from '../cases/routing.ts';
import { STATES } from '../cases/lifecycle.ts';
import type { DesiredRow } from '../google/reconcile.ts';
import type { TabLook } from '../google/layout.ts';
import type { Tab } from '../google/tab.ts';
import { caseRows, pullActions } from './cases-tab.ts';
import { takeDecisions } from './queue-tab.ts';
import type { Pulled } from './ticks.ts';
import { batchRows, dispatchRows, pullBatches, pullDispatch } from './dispatch-tab.ts';
import type { ProgramStage } from '../cases/program-rules.ts';
import type { Parts, Program } from '../casework/context.ts';
import { pullSettings, settingRows } from '../casework/program-settings.ts';
import { dashboardRows } from '../casework/statistics.ts';
import { useVersions } from '../casework/program-versions.ts';
import { pullWording, wordingRows } from './wording-tab.ts';
import { OVERDUE, queueRows } from '../casework/queue-rows.ts';

/** One tab that the service keeps: how it looks, what is read from it, what shall stand in it. */
export interface KeptTab {
  /** Key of the tab inside its spreadsheet. */
  key: string;
  spec: TabSpec;
  look(program: Program): Omit<TabLook<string>, 'editors'>;
  /** Takes what persons typed. `others` are the spreadsheet's other tabs by key. */
  pull(parts: Parts, tab: Tab<string>, others: ReadonlyMap<string, Tab<string>>): Promise<Pulled>;
  rows(parts: Parts): Promise<DesiredRow[]>;
}

const RED = { red: 0.98, green: 0.85, blue: 0.83 };
const YELLOW = { red: 1, green: 0.95, blue: 0.75 };
const ORANGE = { red: 1, green: 0.9, blue: 0.8 };
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
  // A case forwarded here brings its stage along: every decision of any stage may come up.
  return program.outcomes
    .filter((outcome) => outcome.to !== queue && (own.includes(outcome) || isForwardedTo(program, queue)))
    .map((outcome) => outcome.label);
}

/** The tabs of one queue's spreadsheet: what every running version of the program needs there. */
export function queueTabs(programs: readonly Program[], queue: string): KeptTab[] {
  const choices = new Set(programs.flatMap((program) => decisionsAt(program, queue)));
  const tabs: KeptTab[] = [
    {
      key: 'queue',
      spec: QUEUE as TabSpec,
      look: () => ({
        choices: { decision: [...choices] },
        rules: [
          { title: '已函報', column: 'state', contains: STATES.dispatched, colour: BLUE },
          { title: '已補正（有修改）', column: 'changed', colour: YELLOW },
          { title: '決定未採用', column: 'result', colour: ORANGE },
          { title: '逾期', column: 'state', contains: OVERDUE, colour: RED },
          { title: '審核中', column: 'state', contains: STATES['in-review'] },
          { title: '已填審核者', column: 'reviewer' },
        ],
      }),
      pull: (parts, tab) => takeDecisions(parts, queue, tab as Tab<QueueKey>),
      rows: (parts) => queueRows(parts, queue),
    },
  ];
  const compiles = programs.some((program) =>
    stagesAt(program, queue).some((stage) => stage.kind === 'compile-and-dispatch'),
  );
  if (!compiles) return tabs;
  return [
    ...tabs,
    {
      key: 'dispatch',
      spec: DISPATCH as TabSpec,
      look: () => ({ choices: {} }),
      pull: (parts, tab) => pullDispatch(parts, queue, tab as Tab<DispatchKey>),
      rows: (parts) => dispatchRows(parts, queue),
    },
    {
      key: 'batches',
      spec: BATCHES as TabSpec,
      look: () => ({ choices: { scope: Object.values(SCOPES) } }),
      pull: async (parts, tab, others) => {
        const waiting = others.get('dispatch');
        // Without the list of waiting cases nobody can know what was ticked there.
        if (!waiting) return { settled: new Map(), waiting: 0 };
        return pullBatches(parts, queue, tab as Tab<BatchKey>, waiting as Tab<DispatchKey>);
      },
      rows: (parts) => batchRows(parts, queue),
    },
  ];
}

function isForwardedTo(program: Program, queue: string): boolean {
  return program.outcomes.some((outcome) => outcome.to === queue);
}

/** The tabs of the restricted office spreadsheet beside the intake. */
export function officeTabs(): KeptTab[] {
  return [
    {
      key: 'cases',
      spec: CASES as TabSpec,
      look: () => ({ choices: { action: Object.values(ACTIONS) } }),
      pull: (parts, tab) => pullActions(parts, tab as Tab<CasesKey>),
      rows: caseRows,
    },
    {
      key: 'settings',
      spec: SETTINGS as TabSpec,
      look: () => ({ choices: {} }),
      async pull(parts, tab) {
        const pulled = await pullSettings(parts, tab as Tab<SettingsKey>);
        await useVersions(parts);
        return pulled;
      },
      rows: settingRows,
    },
    {
      key: 'templates',
      spec: TEMPLATES as TabSpec,
      look: () => ({ choices: {} }),
      pull: (parts, tab) => pullWording(parts, tab as Tab<TemplatesKey>),
      rows: wordingRows,
    },
    {
      key: 'dashboard',
      spec: DASHBOARD as TabSpec,
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
      pull: async () => ({ settled: new Map(), waiting: 0 }),
      rows: dashboardRows,
    },
  ];
}
