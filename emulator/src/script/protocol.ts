import type { MessagePort } from 'node:worker_threads';
import type { Answers } from '../forms/checks.ts';

/** What the main thread and a script's worker say to each other. */
export interface WorkerData {
  port: MessagePort;
  signal: SharedArrayBuffer;
  code: string;
  timeZone: string;
  /** E-mail address of whom the script runs as. */
  account: string;
}

export interface CallMessage {
  call: string;
  args: unknown[];
}

export type ScriptEvent =
  | { type: 'submit'; formId: string; responseId: string; triggerUid: string }
  | { type: 'clock'; triggerUid: string }
  | { type: 'open'; spreadsheetId: string; triggerUid: string }
  | ({
      type: 'edit';
      spreadsheetId: string;
      sheetId: number;
      user: string;
      triggerUid: string;
    } & EditedBlock);

/** Rows and columns count from 0. What is pasted or filled down is one block. */
export interface EditedBlock {
  row: number;
  column: number;
  rows?: number;
  columns?: number;
}

/** Where the person is: rows count from 1. */
export interface UiPlace {
  spreadsheetId: string;
  sheetId: number;
  row: number;
  rows: number;
}

/** What a script shows to a person. */
export type UiEffect =
  | { kind: 'menu'; title: string; items: { label: string; handler: string }[] }
  | { kind: 'sidebar'; title: string; content: string }
  | { kind: 'toast'; text: string };

export interface RunMessage {
  run: string;
  event?: ScriptEvent;
  place?: UiPlace;
}

export interface RunResult {
  done: true;
  error?: string;
  effects?: UiEffect[];
}

export interface ItemDescription {
  id: number;
  index: number;
  title: string;
  helpText: string;
  type: string;
  /** Holds one question, or one for each row of a grid; none where nothing is asked. */
  questionIds: string[];
}

export interface FormDescription {
  title: string;
  description: string;
  publishedUrl: string;
  isAcceptingResponses: boolean;
  items: ItemDescription[];
}

export interface SheetSize {
  sheetId: number;
  title: string;
  rows: number;
  columns: number;
  /** As far as there is content. */
  lastRow: number;
  lastColumn: number;
}

export interface ResponseDescription {
  responseId: string;
  lastSubmittedTime: string;
  email: string;
  editUrl: string;
  answers: Answers;
}

export interface Trigger {
  id: string;
  handler: string;
  event: 'submit' | 'clock' | 'open' | 'edit';
  formId?: string;
  spreadsheetId?: string;
  everyMinutes?: number;
}
