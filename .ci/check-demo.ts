import { readFileSync } from 'node:fs';

/** Fails where the demo's numbers do not add up. */
const result = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  submissions: number;
  cases: number;
  revisions: number;
  byOutcome: Record<string, number>;
  byQueue: Record<string, number>;
  notices: Record<string, number>;
  googleCalls: number;
  googleCallsToAcknowledgement: number;
  mails: number;
  problems: string[];
};

const sum = (numbers: Record<string, number>) => Object.values(numbers).reduce((a, b) => a + b, 0);
const failures = [...result.problems];
const check = (holds: boolean, sentence: string) => {
  if (!holds) failures.push(sentence);
};

check(result.submissions >= 200, `only ${result.submissions} submissions`);
check(
  result.revisions === result.submissions,
  `${result.revisions} revisions of ${result.submissions} submissions`,
);
check(
  sum(result.byOutcome) === result.cases,
  `outcomes add up to ${sum(result.byOutcome)}, not ${result.cases} cases`,
);
check(sum(result.notices) === result.mails, `${sum(result.notices)} notices, ${result.mails} mails`);
check(result.googleCallsToAcknowledgement <= 40, `${result.googleCallsToAcknowledgement} Google calls`);

for (const failure of failures) console.error(`demo: ${failure}`);
console.log(`${failures.length === 0 ? 1 : 0} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
