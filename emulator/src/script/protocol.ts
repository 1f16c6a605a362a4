import type { MessagePort } from 'node:worker_threads';
import type { Answers } from '../forms/checks.ts';
import type { Presentation } from '../forms/presentation.ts';

/** What the main thread and a worker that runs scripts say to each other. */
export interface WorkerData {
  port: MessagePort;
  signal: SharedArrayBuffer;
}

export interface CallMessage {
  call: string;
  args: unknown[];
}

/** What a service of Google's answered, or why it refused. */
export type CallAnswer = { value?: unknown } | { error: string };

/** A simple trigger's event bears no id of a trigger. */
export type ScriptEvent =
  | { type: 'submit'; formId: string; responseId: string; triggerUid: string }
  | { type: 'clock'; triggerUid: string }
  | { type: 'open'; spreadsheetId: string; triggerUid?: string }
  | ({
      type: 'edit';
      spreadsheetId: string;
      sheetId: number;
      user: string;
      triggerUid?: string;
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
  | { kind: 'toast'; title?: string; text: string };

/** What `doGet` and `doPost` are told. */
export interface WebRequest {
  queryString: string;
  contextPath: string;
  parameter: Record<string, string>;
  parameters: Record<string, string[]>;
  contentLength: number;
  postData?: { length: number; type: string; contents: string; name: string };
}

/** What they give back. */
export type WebAnswer = { html: string } | { text: string; mimeType: string };

/** One run: of which code, as whom, and what it may do. */
export interface RunMessage {
  run: string;
  parameters?: readonly unknown[];
  event?: ScriptEvent;
  place?: UiPlace;
  /** The run answers a web request. */
  web?: WebRequest;
  /** A project without this function is no failure: simple triggers run where there are any. */
  optional?: boolean;
  code: string;
  timeZone: string;
  /** The document that the project is bound to. */
  container: { kind: 'spreadsheet' | 'form' | 'other'; id: string } | null;
  /** LIMITED in a simple trigger, which nobody has consented to. */
  authMode: 'LIMITED' | 'FULL';
  /** The manifest's scopes; null where it names none and Google reads them out of the code. */
  scopes: readonly string[] | null;
  /** The advanced services that the manifest enables, and its libraries, under the names that the script gives them. */
  advanced: readonly { name: string; serviceId: string }[];
  libraries: readonly string[];
  /** E-mail address of whom it runs as. */
  account: string;
  /** E-mail address of who is at the keyboard. */
  user: string;
}

export interface RunError {
  name: string;
  message: string;
}

export interface RunResult {
  done: true;
  /** What the function gave back, if it can be said in JSON. */
  value?: unknown;
  error?: RunError;
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
  isPublished: boolean;
  isAcceptingResponses: boolean;
  collectsEmail: boolean;
  presentation: Presentation;
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
  timestamp: string;
  email: string;
  editUrl: string;
  answers: Answers;
  /** Google fails to read the answers out. */
  unreadable: boolean;
}

export interface Trigger {
  id: string;
  /** The project that it belongs to. */
  scriptId: string;
  handler: string;
  event: 'submit' | 'clock' | 'open' | 'edit';
  formId?: string;
  spreadsheetId?: string;
  everyMinutes?: number;
}
