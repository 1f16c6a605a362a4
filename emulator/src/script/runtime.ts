import { MessageChannel, Worker } from 'node:worker_threads';
import type { FormsService } from '../forms/service.ts';
import type { Emulator } from '../server.ts';
import type {
  CallMessage,
  RunMessage,
  RunResult,
  ScriptEvent,
  Trigger,
  UiEffect,
  UiPlace,
} from './protocol.ts';
import { answerCall, createServices } from './services.ts';

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
  /** A person opens a spreadsheet: what the script shows them. */
  opened(spreadsheetId: string): Promise<readonly UiEffect[]>;
  /** A person picks from a menu of the script. */
  runAt(handler: string, place: UiPlace): Promise<readonly UiEffect[]>;
  /** Tells the script that a person edited a cell; rows and columns count from 0. */
  edited(edit: Omit<Extract<ScriptEvent, { type: 'edit' }>, 'type' | 'triggerUid'>): void;
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
    workerData: {
      port: port2,
      signal,
      code: options.code,
      timeZone: options.timeZone,
      account: emulator.drive.account.emailAddress,
    },
    transferList: [port2],
  });
  const services = createServices({
    clock: emulator.clock,
    sheets: emulator.sheets,
    forms,
    properties,
    triggers,
    keepProperty: (name, value) => emulator.journal.append(PROPERTY, { name, value }),
    log: (level, message) => options.log?.(level, message),
  });
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
    async opened(spreadsheetId) {
      const place = { spreadsheetId, sheetId: 0, row: 1, rows: 1 };
      const effects: UiEffect[] = [];
      for (const { event, handler, id, ...trigger } of triggers)
        if (event === 'open' && trigger.spreadsheetId === spreadsheetId)
          effects.push(
            ...(await enqueue({
              run: handler,
              place,
              event: { type: 'open', spreadsheetId, triggerUid: id },
            })),
          );
      return effects;
    },
    runAt: (handler, place) => enqueue({ run: handler, place }),
    edited(edit) {
      for (const trigger of triggers.filter(
        (each) => each.event === 'edit' && each.spreadsheetId === edit.spreadsheetId,
      ))
        fire(trigger, { type: 'edit', triggerUid: trigger.id, ...edit });
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

/** Is the plugin that replays what scripts have stored. */
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
