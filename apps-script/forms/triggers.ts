import type { Settings } from './settings.ts';

type Trigger = GoogleAppsScript.Script.Trigger;

const SWEEP_MINUTES = 10;

/** One trigger that the project has to have. */
interface WantedTrigger {
  what: string;
  isIt(trigger: Trigger): boolean;
  create(): void;
}

/** The sweep comes first: it is the floor under all others, and creates what is missing later. */
function wantedTriggers(settings: Settings): WantedTrigger[] {
  const sweep: WantedTrigger = {
    what: 'sweep',
    isIt: (trigger) => isOf(trigger, 'sweep', 'CLOCK'),
    create: () => {
      ScriptApp.newTrigger('sweep').timeBased().everyMinutes(SWEEP_MINUTES).create();
    },
  };
  const forms = Object.entries(settings.forms).map(
    ([formId, { key }]): WantedTrigger => ({
      what: `onFormSubmit（${key}）`,
      isIt: (trigger) =>
        isOf(trigger, 'onFormSubmit', 'ON_FORM_SUBMIT') && trigger.getTriggerSourceId() === formId,
      create: () => {
        ScriptApp.newTrigger('onFormSubmit').forForm(formId).onFormSubmit().create();
      },
    }),
  );
  return [sweep, ...forms];
}

function isOf(trigger: Trigger, handler: string, event: 'CLOCK' | 'ON_FORM_SUBMIT'): boolean {
  return trigger.getHandlerFunction() === handler && trigger.getEventType() === ScriptApp.EventType[event];
}

/**
 * Makes this project's triggers what they are to be, each once: creates what is missing and removes what is too much,
 * which leaves a trigger that is right as it is. Google allows 20 of them, so that removals come first. A step that fails
 * holds up no other.
 * @returns why some steps failed
 */
export function restoreTriggers(settings: Settings): string[] {
  const failures: string[] = [];
  const attempt = (what: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      failures.push(`${what}：${String(error)}`);
    }
  };
  const standing = ScriptApp.getProjectTriggers();
  const missing = wantedTriggers(settings).filter((wanted) => {
    const index = standing.findIndex(wanted.isIt);
    if (index >= 0) standing.splice(index, 1);
    return index < 0;
  });
  for (const spare of standing)
    attempt(`移除觸發器 ${spare.getHandlerFunction()}`, () => ScriptApp.deleteTrigger(spare));
  for (const wanted of missing) attempt(`建立觸發器 ${wanted.what}`, wanted.create);
  return failures;
}
