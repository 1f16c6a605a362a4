import { randomUUID } from 'node:crypto';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { FormsService } from '../forms/service.ts';
import type { Emulator } from '../server.ts';
import type {
  CallMessage,
  ResponseDescription,
  RunMessage,
  RunResult,
  ScriptEvent,
  Trigger,
  UiEffect,
  UiPlace,
} from './protocol.ts';

export interface ScriptOptions {
  /** The built bundle. */
  code: string;
  timeZone: string;
  properties: Record<string, string>;
  /**
   * How often a submission's trigger fires, for fault injection: 1 on a good day, 0 missing, 2 doubled; `blank` fires
   * without its event; `late` holds it back until `fireLate`.
   */
  deliver?(submission: { formId: string; responseId: string }): {
    times: number;
    blank?: boolean;
    late?: boolean;
  };
  log?(level: string, message: string): void;
}

export interface ScriptRuntime {
  /** Runs one function by hand, as from the script editor. Rejects with the script's own error. */
  run(handler: string): Promise<void>;
  /** Opens a spreadsheet, or picks from its menu: what the script shows the person. */
  runAt(handler: string, place: UiPlace): Promise<readonly UiEffect[]>;
  /** A person edited a cell; rows and columns count from 0. */
  edited(edit: Omit<Extract<ScriptEvent, { type: 'edit' }>, 'type'>): void;
  /** Fires what was held back, the last submission first. */
  fireLate(): Promise<void>;
  /** Fires every time-driven trigger now. */
  fireClock(): Promise<void>;
  triggers(): readonly Trigger[];
  /** Runs that failed, newest last: what Google shows under Executions. */
  failures(): readonly string[];
  /** Resolves once every trigger that has fired has run. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

const PROPERTY = 'script.property';

/** Runs a built Apps Script bundle: Google's services on the emulator's, triggers on its events. */
export async function createScriptRuntime(
  emulator: Emulator,
  forms: FormsService,
  options: ScriptOptions,
): Promise<ScriptRuntime> {
  const properties = new Map(Object.entries({ ...scriptState(emulator).properties, ...options.properties }));
  const triggers: Trigger[] = [];
  const failures: string[] = [];
  const { port1, port2 } = new MessageChannel();
  const signal = new SharedArrayBuffer(4);
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { port: port2, signal, code: options.code, timeZone: options.timeZone },
    transferList: [port2],
  });
  const services = createServices({ emulator, forms, options, properties, triggers });
  let finish: ((result: RunResult) => void) | null = null;
  port1.on('message', async (message: CallMessage | RunResult) => {
    if ('done' in message) {
      finish?.(message);
      return;
    }
    const answer = await answerCall(services, message);
    port1.postMessage(answer);
    const flag = new Int32Array(signal);
    Atomics.store(flag, 0, 1);
    Atomics.notify(flag, 0);
  });
  const crashed = new Promise<never>((_, reject) => worker.once('error', reject));
  crashed.catch(() => {});

  let tail: Promise<unknown> = Promise.resolve();
  const enqueue = (message: RunMessage): Promise<readonly UiEffect[]> => {
    const turn = tail.then(async () => {
      const result = await Promise.race([
        new Promise<RunResult>((resolve) => {
          finish = resolve;
          port1.postMessage(message);
        }),
        crashed,
      ]);
      if (result.error !== undefined) throw new Error(result.error);
      return result.effects ?? [];
    });
    tail = turn.catch((error: Error) => {
      failures.push(`${message.run}: ${error.message}`);
      options.log?.('error', `${message.run}: ${error.message}`);
    });
    return turn;
  };
  const fire = (trigger: Trigger, event?: ScriptEvent) =>
    void enqueue({ run: trigger.handler, ...(event ? { event } : {}) }).catch(() => {});
  const held: (() => void)[] = [];
  const onSubmit = ({ formId, responseId }: { formId: string; responseId: string }) => {
    for (const trigger of triggers.filter((each) => each.event === 'submit' && each.formId === formId)) {
      const { times, blank, late } = options.deliver?.({ formId, responseId }) ?? { times: 1 };
      const event = { type: 'submit', formId, responseId, triggerUid: trigger.id } as const;
      for (let i = 0; i < times; i += 1) {
        if (late) held.push(() => fire(trigger, event));
        else fire(trigger, blank ? undefined : event);
      }
    }
  };
  forms.on('submit', onSubmit);
  const idle = async () => {
    for (let seen: unknown = null; seen !== tail; ) {
      seen = tail;
      await tail;
    }
  };
  return {
    run: async (handler) => void (await enqueue({ run: handler })),
    runAt: (handler, place) => enqueue({ run: handler, place }),
    edited(edit) {
      for (const trigger of triggers.filter(
        (each) => each.event === 'edit' && each.spreadsheetId === edit.spreadsheetId,
      ))
        fire(trigger, { type: 'edit', ...edit });
    },
    async fireLate() {
      for (const release of held.splice(0).toReversed()) release();
      await idle();
    },
    async fireClock() {
      for (const trigger of triggers.filter((each) => each.event === 'clock'))
        fire(trigger, { type: 'clock', triggerUid: trigger.id });
      await idle();
    },
    triggers: () => triggers,
    failures: () => failures,
    idle,
    async close() {
      forms.off('submit', onSubmit);
      await idle();
      port1.close();
      await worker.terminate();
    },
  };
}

/** Script properties outlive a restart, as Google keeps them. */
const states = new WeakMap<Emulator, { properties: Record<string, string> }>();

/** Plugin: adds the journal's handlers for scripts. */
export function scriptPlugin(emulator: Emulator): void {
  const state = scriptState(emulator);
  emulator.journal.register(PROPERTY, ({ name, value }: { name: string; value: string | null }) => {
    if (value === null) delete state.properties[name];
    else state.properties[name] = value;
  });
}

function scriptState(emulator: Emulator): { properties: Record<string, string> } {
  const known = states.get(emulator);
  if (known) return known;
  const made = { properties: {} };
  states.set(emulator, made);
  return made;
}

type Services = Record<string, (...args: never[]) => unknown>;

async function answerCall(
  services: Services,
  { call, args }: CallMessage,
): Promise<{ value?: unknown; error?: string }> {
  const service = services[call];
  if (!service) return { error: `${call} is not implemented by the emulator` };
  try {
    return { value: await (service as (...all: unknown[]) => unknown)(...args) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}

interface ServiceParts {
  emulator: Emulator;
  forms: FormsService;
  options: ScriptOptions;
  properties: Map<string, string>;
  triggers: Trigger[];
}

function createServices({ emulator, forms, options, properties, triggers }: ServiceParts): Services {
  const { sheets, clock } = emulator;
  const keep = (name: string, value: string | null) => emulator.journal.append(PROPERTY, { name, value });
  const describe = (formId: string, responseId: string): ResponseDescription => {
    const { lastSubmittedTime, email, answers } = forms.response(formId, responseId);
    return { responseId, lastSubmittedTime, email, answers, editUrl: forms.editUrl(formId, responseId) };
  };
  return {
    now: () => clock.now().getTime(),
    log: (level: string, message: string) => options.log?.(level, message),
    'forms.get': (formId: string) => describeForm(forms, formId),
    'forms.response': describe,
    'forms.deleteResponse': (formId: string, responseId: string) => forms.deleteResponse(formId, responseId),
    'forms.responses': (formId: string, since: string | null) =>
      forms
        .responses(formId)
        .filter((response) => since === null || response.lastSubmittedTime > since)
        .map((response) => describe(formId, response.responseId)),
    'sheets.get': (id: string, query: object) => sheets.get(id, query),
    'sheets.batchUpdate': (id: string, body: object) => sheets.batchUpdate(id, body),
    // What a script types in a person's name is bound as the person is.
    'sheets.editCell': (
      id: string,
      edit: { sheetId: number; row: number; column: number; value: string | number | boolean },
    ) => void sheets.editCells(id, [edit]),
    'sheets.columnCount': (id: string, sheetId: number) =>
      sheets.get(id).sheets?.find((sheet) => sheet.properties?.sheetId === sheetId)?.properties
        ?.gridProperties?.columnCount ?? 0,
    'sheets.lastRow': (id: string, sheetId: number) => {
      const { valueRanges } = sheets.valuesBatchGetByDataFilter(id, {
        dataFilters: [{ gridRange: { sheetId } }],
      });
      return valueRanges?.[0]?.valueRange?.values?.length ?? 0;
    },
    'sheets.valuesGet': (id: string, range: string, query: object) => sheets.valuesGet(id, range, query),
    'sheets.valuesBatchGetByDataFilter': (id: string, body: object) =>
      sheets.valuesBatchGetByDataFilter(id, body),
    'properties.all': () => Object.fromEntries(properties),
    'properties.get': (name: string) => properties.get(name) ?? null,
    'properties.set': (name: string, value: string) => {
      properties.set(name, value);
      keep(name, value);
    },
    'properties.delete': (name: string) => {
      properties.delete(name);
      keep(name, null);
    },
    // One worker runs one function at a time, so that the lock is always free.
    'lock.take': () => true,
    'lock.release': () => {},
    'triggers.create': (trigger: Omit<Trigger, 'id'>) => void triggers.push({ ...trigger, id: randomUUID() }),
    'triggers.list': () => triggers,
    'triggers.delete': (id: string) => {
      const index = triggers.findIndex((each) => each.id === id);
      if (index >= 0) triggers.splice(index, 1);
    },
    fetch: async (
      url: string,
      request: { method?: string; payload?: string; contentType?: string; headers?: Record<string, string> },
    ) => {
      const response = await fetch(url, {
        method: request.method ?? 'get',
        headers: {
          ...(request.contentType ? { 'content-type': request.contentType } : {}),
          ...request.headers,
        },
        ...(request.payload === undefined ? {} : { body: request.payload }),
        signal: AbortSignal.timeout(60_000),
      });
      return { status: response.status, text: await response.text() };
    },
  };
}

function describeForm(forms: FormsService, formId: string) {
  const form = forms.get(formId);
  return {
    title: form.info?.title ?? '',
    items: (form.items ?? []).flatMap((item) => {
      const question = item.questionItem?.question;
      if (!question?.questionId) return [];
      const type = question.choiceQuestion?.type ?? (question.fileUploadQuestion ? 'FILE_UPLOAD' : 'TEXT');
      return [
        {
          id: Number.parseInt(item.itemId ?? '0', 16),
          title: item.title ?? '',
          type,
          questionId: question.questionId,
        },
      ];
    }),
  };
}
