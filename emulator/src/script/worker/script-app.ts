import { call, enumeration, exception, service } from './call.ts';
import type { Trigger } from '../protocol.ts';
import { needScope } from './run.ts';

const EVERY_MINUTES = [1, 5, 10, 15, 30];
const EVERY_HOURS = [1, 2, 4, 6, 8, 12];
const EVENT_TYPES: Record<Trigger['event'], string> = {
  submit: 'ON_FORM_SUBMIT',
  clock: 'CLOCK',
  open: 'ON_OPEN',
  edit: 'ON_EDIT',
};

function triggerOf(trigger: Trigger) {
  return service('Trigger', {
    getUniqueId: () => trigger.id,
    getHandlerFunction: () => trigger.handler,
    getEventType: () => EVENT_TYPES[trigger.event],
    getTriggerSource: () => (trigger.formId ? 'FORMS' : trigger.spreadsheetId ? 'SPREADSHEETS' : 'CLOCK'),
    getTriggerSourceId: () => trigger.formId ?? trigger.spreadsheetId ?? null,
  });
}

const create = (trigger: Omit<Trigger, 'id' | 'scriptId'>) => () =>
  triggerOf(call<Trigger>('triggers.create', trigger));
const idOf = (given: string | { getId(): string }) => (typeof given === 'string' ? given : given.getId());

/** Each step offers only what Google's builder offers there. */
function newTrigger(handler: string) {
  needScope('ScriptApp.newTrigger', 'script.scriptapp');
  return service('TriggerBuilder', {
    forForm: (form: string | { getId(): string }) => {
      const formId = idOf(form);
      return service('FormTriggerBuilder', {
        onFormSubmit: () =>
          service('FormTriggerBuilder', { create: create({ handler, event: 'submit', formId }) }),
      });
    },
    forSpreadsheet: (spreadsheet: string | { getId(): string }) => {
      const on = (event: 'open' | 'edit') => () =>
        service('SpreadsheetTriggerBuilder', {
          create: create({ handler, event, spreadsheetId: idOf(spreadsheet) }),
        });
      return service('SpreadsheetTriggerBuilder', { onOpen: on('open'), onEdit: on('edit') });
    },
    timeBased: () => clockBuilder(handler),
  });
}

function clockBuilder(handler: string) {
  const every = (name: string, allowed: readonly number[] | null, minutes: number) => (n: number) => {
    if (!Number.isInteger(n) || n < 1 || (allowed && !allowed.includes(n)))
      throw exception(
        `Invalid argument: ${name} must be ${allowed ? `one of ${allowed.join(', ')}` : '1 or more'}`,
      );
    return service('ClockTriggerBuilder', {
      create: create({ handler, event: 'clock', everyMinutes: n * minutes }),
    });
  };
  return service('ClockTriggerBuilder', {
    everyMinutes: every('everyMinutes', EVERY_MINUTES, 1),
    everyHours: every('everyHours', EVERY_HOURS, 60),
    everyDays: every('everyDays', null, 1440),
  });
}

export const ScriptApp = service('ScriptApp', {
  newTrigger,
  getProjectTriggers: () => {
    needScope('ScriptApp.getProjectTriggers', 'script.scriptapp');
    return call<Trigger[]>('triggers.list').map(triggerOf);
  },
  deleteTrigger: (trigger: { getUniqueId(): string }) => {
    needScope('ScriptApp.deleteTrigger', 'script.scriptapp');
    call('triggers.delete', trigger.getUniqueId());
  },
  AuthMode: enumeration('ScriptApp.AuthMode', ['NONE', 'CUSTOM_FUNCTION', 'LIMITED', 'FULL']),
  EventType: enumeration('ScriptApp.EventType', [
    'CLOCK',
    'ON_OPEN',
    'ON_EDIT',
    'ON_FORM_SUBMIT',
    'ON_CHANGE',
  ]),
  TriggerSource: enumeration('ScriptApp.TriggerSource', [
    'SPREADSHEETS',
    'CLOCK',
    'FORMS',
    'DOCUMENTS',
    'CALENDAR',
  ]),
});
