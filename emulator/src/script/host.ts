import { randomUUID } from 'node:crypto';
import { messageOf } from '../caught.ts';
import type { FormsService } from '../forms/service.ts';
import { actAs } from '../people.ts';
import type { Emulator } from '../server.ts';
import { Deployments } from './deployments.ts';
import { GOOGLE_LIMITS, type ScriptLimits, ScriptUsage } from './limits.ts';
import { manifestIn } from './manifest.ts';
import { WorkerPool } from './pool.ts';
import { ProjectStates } from './project-state.ts';
import { type RunTarget, ScriptProjects } from './projects.ts';
import type {
  RunMessage,
  RunResult,
  ScriptEvent,
  Trigger,
  UiEffect,
  UiPlace,
  WebAnswer,
  WebRequest,
} from './protocol.ts';
import { answerCall, createServices } from './services.ts';

export interface ScriptOptions {
  /**
   * How often a submission's trigger fires, for fault injection: 1 on a good day, 0 missing, 2 doubled; `blank` fires
   * without its event; `late` holds it back until `fireLate`.
   */
  deliver?(submission: { formId: string; responseId: string }): {
    times: number;
    blank?: boolean;
    late?: boolean;
  };
  /** Whether Google fails to read the answers of a response out, for fault injection. */
  isUnreadable?(responseId: string): boolean;
  log?(level: string, message: string): void;
  /** Other limits than Google's. */
  limits?: Partial<ScriptLimits>;
}

type Edit = Omit<Extract<ScriptEvent, { type: 'edit' }>, 'type' | 'triggerUid'>;

/** What is run, and how. */
interface Run extends Pick<RunMessage, 'run' | 'parameters' | 'event' | 'place' | 'optional' | 'web'> {
  authMode?: RunMessage['authMode'];
  /** Who is at the keyboard. */
  user?: string;
  /** It runs as that person, and not as whoever made the trigger. */
  asUser?: boolean;
}

interface Finished {
  value: unknown;
  effects: readonly UiEffect[];
}

/** A run ended in an error: the script's own, or Google's refusal. */
export class ScriptRunError extends Error {
  constructor({ name, message }: { name: string; message: string }) {
    super(message);
    this.name = name;
  }
}

/** Google lets 30 runs of a user go on at once; four show that they do. */
const AT_ONCE = 4;
/** A simple trigger runs as the person, without consent, and where there is none, nothing runs. */
const SIMPLE = { optional: true, authMode: 'LIMITED', asUser: true } as const;
/** How Google refuses a trigger's run once the day's runtime is spent. */
const NO_TIME_LEFT = { name: 'Exception', message: 'Service using too much computer time for one day' };

/** Runs the projects that were pushed: Google's services on the emulator's, triggers on its events. */
export class ScriptHost {
  readonly projects: ScriptProjects;
  readonly deployments: Deployments;
  /** The account's own setting at script.google.com/home/usersettings. */
  apiEnabled = true;
  readonly #emulator: Emulator;
  readonly #forms: FormsService;
  readonly #states: ProjectStates;
  readonly #pool = new WorkerPool(AT_ONCE);
  readonly #usage;
  readonly #failures: string[] = [];
  readonly #running = new Set<Promise<unknown>>();
  readonly #held: (() => void)[] = [];
  /** Which project made a menu item, by spreadsheet and function. */
  readonly #menus = new Map<string, string>();
  readonly #onSubmit = (submission: { formId: string; responseId: string }) => this.#submitted(submission);
  #options: ScriptOptions = {};

  constructor(emulator: Emulator, forms: FormsService) {
    this.#emulator = emulator;
    this.#forms = forms;
    this.projects = new ScriptProjects(emulator);
    this.deployments = new Deployments(emulator, this.projects);
    this.#states = new ProjectStates(emulator.journal);
    this.#usage = new ScriptUsage(emulator.clock, () => this.#limits);
    forms.on('submit', this.#onSubmit);
  }

  configure(options: ScriptOptions): void {
    this.#options = options;
  }

  /** Runs one function, as its owner does in the editor or by scripts.run. Rejects with the script's own error. */
  async run(scriptId: string, handler: string, parameters: readonly unknown[] = []): Promise<unknown> {
    return this.runFiles(this.projects.target(scriptId), handler, parameters);
  }

  /** The same for files that need not be those that were saved last. */
  async runFiles(target: RunTarget, handler: string, parameters: readonly unknown[] = []): Promise<unknown> {
    const { value } = await this.#begin(target, { run: handler, parameters });
    return value;
  }

  /** What `doGet` or `doPost` of a web app answers. */
  async runWeb(target: RunTarget, handler: string, web: WebRequest): Promise<WebAnswer> {
    const { value } = await this.#begin(target, { run: handler, web });
    return value as WebAnswer;
  }

  /** What scripts.run runs: by a project's id, or by that of a deployment. Null where nothing may be run. */
  executable(id: string, devMode: boolean): RunTarget | null {
    const deployed = this.deployments.find(id);
    const scriptId = deployed?.scriptId ?? id;
    if (!this.projects.exists(scriptId)) return null;
    const saved = this.projects.target(scriptId);
    if (devMode) return manifestIn(saved.files).executionApi ? saved : null;
    if (deployed) return deployed.manifest.executionApi ? deployed : null;
    return this.deployments.newestExecutable(scriptId);
  }

  /** A person opens a spreadsheet: what its scripts show them. */
  async opened(spreadsheetId: string, user = this.#account): Promise<readonly UiEffect[]> {
    const place = { spreadsheetId, sheetId: 0, row: 1, rows: 1 };
    const event = { type: 'open', spreadsheetId } as const;
    const simple = this.projects.boundTo(spreadsheetId).map(async (scriptId) => {
      const opened = await this.#start(scriptId, { ...SIMPLE, run: 'onOpen', event, place, user });
      for (const effect of opened.effects)
        if (effect.kind === 'menu')
          for (const { handler } of effect.items) this.#menus.set(`${spreadsheetId}/${handler}`, scriptId);
      return opened;
    });
    const installed = this.triggers()
      .filter((trigger) => trigger.event === 'open' && trigger.spreadsheetId === spreadsheetId)
      .map(({ scriptId, handler, id }) =>
        this.#start(scriptId, { run: handler, event: { ...event, triggerUid: id }, place, user }),
      );
    const finished = await Promise.allSettled([...simple, ...installed]);
    return finished.flatMap((each) => (each.status === 'fulfilled' ? each.value.effects : []));
  }

  /** A person picks from a menu: the item is a function of the project that is bound to the spreadsheet. */
  async runAt(handler: string, place: UiPlace, user = this.#account): Promise<readonly UiEffect[]> {
    const { spreadsheetId } = place;
    const [oldest] = this.projects.boundTo(spreadsheetId);
    const scriptId = this.#menus.get(`${spreadsheetId}/${handler}`) ?? oldest;
    if (scriptId === undefined)
      throw new ScriptRunError({ name: 'ScriptError', message: `Script function not found: ${handler}` });
    return (await this.#start(scriptId, { run: handler, place, user, asUser: true })).effects;
  }

  /** Tells the scripts that a person edited a cell; rows and columns count from 0. */
  edited(edit: Edit): void {
    const event = { type: 'edit', ...edit } as const;
    const { user } = edit;
    for (const scriptId of this.projects.boundTo(edit.spreadsheetId))
      this.#fire(scriptId, { ...SIMPLE, run: 'onEdit', event, user });
    for (const { scriptId, handler, id, ...trigger } of this.triggers())
      if (trigger.event === 'edit' && trigger.spreadsheetId === edit.spreadsheetId)
        this.#fire(scriptId, { run: handler, event: { ...event, triggerUid: id }, user });
  }

  /** Fires what was held back, the last submission first. */
  async fireLate(): Promise<void> {
    for (const release of this.#held.splice(0).toReversed()) release();
    await this.idle();
  }

  /** Fires every time-driven trigger now. */
  async fireClock(): Promise<void> {
    for (const trigger of this.triggers().filter((each) => each.event === 'clock')) this.#tick(trigger);
    await this.idle();
  }

  /** Fires time-driven triggers when they are due by the emulator's clock. @returns what ends that */
  keepTime(everyMs = 1000): () => void {
    const firedAt = new Map<string, number>();
    const timer = setInterval(() => {
      const now = this.#emulator.clock.now().getTime();
      for (const trigger of this.triggers().filter((each) => each.event === 'clock')) {
        const last = firedAt.get(trigger.id) ?? now;
        const due = now - last >= (trigger.everyMinutes ?? 0) * 60_000;
        firedAt.set(trigger.id, due ? now : last);
        if (due) this.#tick(trigger);
      }
    }, everyMs);
    return () => clearInterval(timer);
  }

  triggers(): readonly Trigger[] {
    return this.#states.all().flatMap(({ triggers }) => triggers);
  }

  /** What the owner does on a project's page of triggers. */
  addTrigger(trigger: Trigger): void {
    this.#states.kept(trigger.scriptId).addTrigger(trigger);
  }

  deleteTrigger({ scriptId, id }: Pick<Trigger, 'scriptId' | 'id'>): void {
    this.#states.kept(scriptId).deleteTrigger(id);
  }

  /** Runs that failed, newest last: what Google shows under Executions. */
  failures(): readonly string[] {
    return this.#failures;
  }

  /** Resolves once every trigger that has fired has run. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  async close(): Promise<void> {
    this.#forms.off('submit', this.#onSubmit);
    await this.idle();
    await this.#pool.close();
  }

  get #limits(): ScriptLimits {
    return { ...GOOGLE_LIMITS, ...this.#options.limits };
  }

  get #account(): string {
    return this.#emulator.drive.account.emailAddress;
  }

  #submitted({ formId, responseId }: { formId: string; responseId: string }) {
    for (const trigger of this.triggers()) {
      if (trigger.event !== 'submit' || trigger.formId !== formId) continue;
      const { times, blank, late } = this.#options.deliver?.({ formId, responseId }) ?? { times: 1 };
      const event = { type: 'submit', formId, responseId, triggerUid: trigger.id } as const;
      const fire = (run: Omit<Run, 'run'>) => this.#fire(trigger.scriptId, { run: trigger.handler, ...run });
      for (let i = 0; i < times; i += 1) {
        if (late) this.#held.push(() => fire({ event }));
        else fire(blank ? {} : { event });
      }
    }
  }

  #tick({ scriptId, handler, id }: Trigger) {
    this.#fire(scriptId, { run: handler, event: { type: 'clock', triggerUid: id } });
  }

  #fire(scriptId: string, run: Run): void {
    // A project that was deleted has no triggers any more.
    if (!this.projects.exists(scriptId)) return;
    void this.#start(scriptId, run).catch(() => {});
  }

  #start(scriptId: string, run: Run): Promise<Finished> {
    return this.#begin(this.projects.target(scriptId), run);
  }

  #begin(target: RunTarget, run: Run): Promise<Finished> {
    const running = this.#execute(target, run).then(({ value, error, effects = [] }) => {
      if (!error) return { value, effects };
      throw new ScriptRunError(error);
    });
    const settled = running
      .catch((error: unknown) => {
        const failure = `${run.run}: ${messageOf(error)}`;
        this.#failures.push(failure);
        this.#options.log?.('error', failure);
      })
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return running;
  }

  #containerOf(scriptId: string): RunMessage['container'] {
    const id = this.projects.get(scriptId).parentId;
    if (!id) return null;
    if (this.#forms.has(id)) return { kind: 'form', id };
    return { kind: this.#emulator.sheets.has(id) ? 'spreadsheet' : 'other', id };
  }

  async #execute({ scriptId, files }: RunTarget, run: Run): Promise<RunResult> {
    const manifest = manifestIn(files);
    const sources = files.filter(({ type }) => type === 'SERVER_JS').map(({ source }) => source);
    const state = this.#states.kept(scriptId);
    const runId = randomUUID();
    const { clock, sheets, switches } = this.#emulator;
    const services = createServices({
      clock,
      sheets,
      forms: this.#forms,
      editTimestamp: switches.editTimestamp,
      isUnreadable: (responseId) => this.#options.isUnreadable?.(responseId) ?? false,
      scriptId,
      state,
      runId,
      limits: this.#limits,
      usage: this.#usage,
      log: (level, message) => this.#options.log?.(level, message),
    });
    const authMode = run.authMode ?? 'FULL';
    const account = run.asUser ? (run.user ?? '') : this.#account;
    const isHidden = authMode === 'LIMITED' && this.#emulator.switches.editUser === 'hidden';
    const byTrigger = run.event !== undefined && authMode === 'FULL';
    if (byTrigger && !this.#usage.hasTriggerTime()) return { done: true, error: NO_TIME_LEFT };
    const began = performance.now();
    try {
      return await this.#pool.run({
        message: {
          ...run,
          code: sources.join('\n'),
          timeZone: manifest.timeZone,
          container: this.#containerOf(scriptId),
          authMode,
          scopes: manifest.scopes,
          advanced: manifest.advanced,
          libraries: manifest.libraries,
          account,
          user: isHidden ? '' : (run.user ?? this.#account),
        },
        // Google's services bind a script as they bind whom it runs as.
        answer: (call) => actAs(account || null, () => answerCall(services, call)),
        limitMs: authMode === 'LIMITED' ? this.#limits.simpleTriggerMs : this.#limits.runMs,
      });
    } finally {
      state.locks.releaseAll(runId);
      if (byTrigger) this.#usage.spendTriggerTime(performance.now() - began);
    }
  }
}
