import type { Clock } from '../../../../contract/clock.ts';
import { formatRocDateTime } from '../../cases/calendar/roc.ts';
import type { Program } from '../../cases/program-rules.ts';
import type { Office } from '../../provisioning/office.ts';

/** What the start page links to. */
export interface OfficeLinks {
  program: string;
  /** The office's time, as people read it. */
  now: string;
  forms: { title: string; formId: string }[];
  /** The way of one case through all roles; null where the program has no such way. */
  tour: TourStops | null;
  spreadsheets: { title: string; spreadsheetId: string; role: string }[];
}

/** One case goes from hand to hand: the tour follows it. */
export interface TourStops {
  /** The form that a teacher begins with. */
  form: string;
  /** The spreadsheet of the reviewers who compile cases for a letter. */
  compilers: string;
  /** Where the letter sends the case. */
  registrars: string;
  office: string;
  /** What the reviewers choose. */
  approveForLetter: string;
  approve: string;
}

/** What the start page shows of an office; before set-up the links lead nowhere. */
export function officeLinks(program: Program, office: Office | null, clock: Clock): OfficeLinks {
  return {
    program: program.title,
    now: formatRocDateTime(clock.now()),
    forms: program.forms.map((form) => ({
      title: form.title,
      formId: office?.forms[form.key]?.formId ?? '',
    })),
    tour: tourOf(program, office),
    spreadsheets: [
      { title: '承辦（限閱）', spreadsheetId: office?.office.spreadsheetId ?? '', role: 'office' },
      ...program.queues.map((queue) => ({
        title: `${queue.label}待審清單`,
        spreadsheetId: office?.queues[queue.key]?.spreadsheetId ?? '',
        role: queue.key,
      })),
    ],
  };
}

/** Finds the way of one case through all roles: a route that compiles for a letter and then registers. */
function tourOf(program: Program, office: Office | null): OfficeLinks['tour'] {
  for (const { form, stages } of program.routes) {
    const [compile, register] = stages.map((key) => program.stages[key]);
    if (!office || !form || compile?.kind !== 'compile-and-dispatch' || register?.kind !== 'review') continue;
    const choose = (kind: string, trigger: string) =>
      program.outcomes.find(
        (each) => each.trigger === trigger && each.stages?.some((stage) => stage === kind),
      )?.label;
    const approveForLetter = choose(compile.kind, 'compiled');
    const approve = choose(register.kind, 'approved');
    const compilers = office.queues[compile.queue ?? '']?.spreadsheetId;
    const registrars = office.queues[register.queue ?? '']?.spreadsheetId;
    const formId = office.forms[form]?.formId;
    if (!approveForLetter || !approve || !compilers || !registrars || !formId) continue;
    return {
      form: formId,
      compilers,
      registrars,
      office: office.office.spreadsheetId,
      approveForLetter,
      approve,
    };
  }
  return null;
}
