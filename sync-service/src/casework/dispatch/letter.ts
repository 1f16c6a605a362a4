import { nextStage } from '../../cases/decision.ts';
import { fillLetter, type LetterVariable, namesNothing } from '../../cases/letter.ts';
import { ROC_OFFSET, taipeiTime } from '../../cases/calendar/roc.ts';
import { listBatches } from '../../ledger/repositories/batches.ts';
import type { Batch, Case } from '../../ledger/schema.ts';
import type { Db } from '../../ledger/store.ts';
import type { CaseContext } from '../context.ts';
import { queuesIn, rulesOf } from '../program-versions.ts';
import { stagePositionOf } from '../stage-position.ts';

/** The draft of the official letter that a batch goes with, and the title of its roster. */
export interface Letter {
  roster: string;
  receiver: string;
  basis: string;
  subject: string;
  explanation: string[];
}

export async function draftLetter(
  context: CaseContext,
  db: Db,
  batch: Batch,
  members: readonly Case[],
): Promise<Letter> {
  const { program, clock } = context;
  const words = program.letter;
  const next = nextDesks(context, batch, members);
  // A receiver counts the letters of the desk that writes to it; another desk's are not missing.
  const own = (await listBatches(db, program.key)).filter(({ queue }) => queue === batch.queue);
  const values: Record<Exclude<LetterVariable, 'roster'>, string> = {
    program: program.title,
    year: String(taipeiTime(clock.now()).year - ROC_OFFSET),
    nth: String(own.findIndex(({ number }) => number === batch.number) + 1),
    batch: batch.number,
    count: String(members.length),
    schoolYears: schoolYearsOf(members),
    receiver: words.receiver || next.map(({ title, label }) => title ?? label).join('、'),
    queue: next.map(({ label }) => label).join('、'),
    checkColumn: words.checkColumn,
  };
  const roster = fillLetter(words.roster, values);
  const all = { ...values, roster };
  const basis = fillLetter(words.basis, all);
  return {
    roster,
    receiver: values.receiver,
    basis,
    subject: fillLetter(words.subject, all),
    explanation: [
      ...(basis ? [basis] : []),
      ...words.explanation.filter((each) => !namesNothing(each, all)).map((each) => fillLetter(each, all)),
    ],
  };
}

/** The desks that the batch's cases go to once the letter is out. */
function nextDesks(context: CaseContext, batch: Batch, members: readonly Case[]) {
  const keys = new Set(
    members.map((found) => nextStage(rulesOf(context, found), stagePositionOf(found)).queue),
  );
  return queuesIn(context.versions.running).filter(({ key }) => keys.has(key) && key !== batch.queue);
}

function schoolYearsOf(members: readonly Case[]): string {
  const years = members.flatMap(({ facts }) => facts.schoolYear ?? []).toSorted((a, b) => a - b);
  const [first, last] = [years[0], years.at(-1)];
  if (first === undefined) return '未載明';
  return first === last ? `${first}` : `${first}至${last}`;
}
