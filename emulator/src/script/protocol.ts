import type { MessagePort } from 'node:worker_threads';
import type { Answers } from '../forms/checks.ts';

/** What the main thread and a script's worker say to each other. */
export interface WorkerData {
  port: MessagePort;
  signal: SharedArrayBuffer;
  code: string;
  timeZone: string;
}

export interface CallMessage {
  call: string;
  args: unknown[];
}

export type ScriptEvent =
  | { type: 'submit'; formId: string; responseId: string; triggerUid: string }
  | { type: 'clock'; triggerUid: string };

export interface RunMessage {
  run: string;
  event?: ScriptEvent;
}

export interface RunResult {
  done: true;
  error?: string;
}

export interface FormDescription {
  title: string;
  items: { id: number; title: string; type: string; questionId: string }[];
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
