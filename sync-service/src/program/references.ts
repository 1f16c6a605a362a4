import { FINDINGS, PROBLEMS } from '../cases/codes.ts';
import type { ProgramFile } from '../cases/program-rules.ts';
import { referencesOf } from '../cases/routes/conditions.ts';
import type { Span } from '../cases/calendar/window.ts';
import type { ProgramFault } from './error.ts';
import { exampleFor } from './examples.ts';
import { didYouMean } from './nearest.ts';

type Kind = 'queue' | 'form' | 'stage' | 'contact' | 'roster' | 'round' | 'purpose' | 'code';

/** Collects faults: of names that do not exist, and of lists that name a thing twice. */
class References {
  readonly faults: ProgramFault[] = [];
  private readonly known: Record<Kind, ReadonlySet<string>>;

  constructor(file: ProgramFile) {
    this.known = {
      queue: new Set(file.queues.map((queue) => queue.key)),
      form: new Set(file.forms.map((form) => form.key)),
      stage: new Set(Object.keys(file.stages)),
      contact: new Set(Object.keys(file.contacts)),
      roster: new Set(file.rosters.map((roster) => roster.key)),
      round: new Set(file.rounds.map((round) => round.key)),
      purpose: new Set(file.forms.map((form) => form.purpose)),
      code: new Set([...Object.keys(PROBLEMS), ...Object.keys(FINDINGS)]),
    };
  }

  check(path: string, kind: Kind, name: string | null | undefined) {
    const known = this.known[kind];
    if (name === undefined || name === null || known.has(name)) return;
    const example = [...known].slice(0, 6).join('、') || exampleFor([`${kind}s`]);
    this.faults.push({ path, wrong: `沒有名為「${name}」的 ${kind}${didYouMean(name, known)}`, example });
  }

  once(path: string, names: readonly string[]) {
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    for (const name of new Set(twice))
      this.faults.push({
        path,
        wrong: `「${name}」重複了，每個名稱只能出現一次`,
        example: exampleFor([path]),
      });
  }
}

/** Names that one part of the file says of another: each must exist, and each list must name a thing once. */
export function referenceFaults(file: ProgramFile): ProgramFault[] {
  const references = new References(file);
  for (const list of ['queues', 'forms', 'rosters', 'routes', 'outcomes'] as const)
    references.once(
      list,
      file[list].map(({ key }) => key),
    );
  references.once(
    'outcomes',
    file.outcomes.map((outcome) => outcome.label),
  );
  checkQueues(file, references);
  checkForms(file, references);
  checkStages(file, references);
  checkRoutes(file, references);
  checkOutcomes(file, references);
  file.rounds.forEach((round, i) => references.faults.push(...spanFaults(`rounds[${i}]`, round)));
  for (const code of Object.keys(file.sentences)) references.check(`sentences.${code}`, 'code', code);
  return references.faults;
}

function checkQueues({ queues }: ProgramFile, references: References) {
  queues.forEach((queue, i) => {
    const path = `queues[${i}]`;
    references.check(`${path}.contact`, 'contact', queue.contact);
    queue.window?.rounds?.forEach((round, n) =>
      references.check(`${path}.window.rounds[${n}]`, 'round', round),
    );
    if (queue.window?.monthsAfterCertificate !== undefined)
      references.faults.push({
        path: `${path}.window.monthsAfterCertificate`,
        wrong: '只能用在表單的受理期間；審核期限請用 daysAfterNotice，自案件到達這個佇列的次日起算',
        example: 'window: { daysAfterNotice: 14 }',
      });
    references.faults.push(...spanFaults(`${path}.window`, queue.window));
  });
}

function checkForms({ forms, asksIdNumber }: ProgramFile, references: References) {
  forms.forEach((form, i) => {
    const path = `forms[${i}]`;
    references.check(`${path}.contact`, 'contact', form.contact);
    form.window?.rounds?.forEach((round, n) =>
      references.check(`${path}.window.rounds[${n}]`, 'round', round),
    );
    for (const what of ['key', 'title'] as const)
      references.once(
        `${path}.fields`,
        form.fields.map((field) => field[what]),
      );
    references.faults.push(...uniqueFaults(form, path), ...fieldFaults(form, path, asksIdNumber));
  });
}

function uniqueFaults({ unique, fields }: ProgramFile['forms'][number], path: string): ProgramFault[] {
  if (!Array.isArray(unique)) return [];
  return unique.flatMap((name, n) =>
    fields.some(({ key }) => key === name)
      ? []
      : [
          {
            path: `${path}.unique[${n}]`,
            wrong: `表單沒有欄位「${name}」`,
            example: 'unique: [certificate-number]',
          },
        ],
  );
}

function checkStages({ stages }: ProgramFile, references: References) {
  for (const [key, stage] of Object.entries(stages)) {
    references.check(`stages.${key}.queue`, 'queue', stage.queue);
    references.check(`stages.${key}.secondQueue`, 'queue', stage.secondQueue);
    const needsQueue = stage.kind !== 'redirect-only' && stage.kind !== 'record-only';
    if (needsQueue && !stage.queue)
      references.faults.push({
        path: `stages.${key}.queue`,
        wrong: `${stage.kind} 必須指定 queue`,
        example: 'queue: city-center',
      });
    if (stage.kind === 'two-stage-review' && !stage.secondQueue)
      references.faults.push({
        path: `stages.${key}.secondQueue`,
        wrong: 'two-stage-review 必須指定複審的佇列',
        example: 'secondQueue: ministry',
      });
  }
}

function checkRoutes({ routes }: ProgramFile, references: References) {
  routes.forEach((route, i) => {
    const path = `routes[${i}]`;
    references.check(`${path}.form`, 'form', route.form);
    route.stages.forEach((stage, n) => references.check(`${path}.stages[${n}]`, 'stage', stage));
    for (const { condition, kind, name } of referencesOf(route.when))
      references.check(`${path}.when.${condition}`, kind, name);
    references.faults.push(...spanFaults(`${path}.when.submitted`, route.when.submitted));
  });
}

function checkOutcomes({ outcomes, routes }: ProgramFile, references: References) {
  outcomes.forEach((outcome, i) => {
    const path = `outcomes[${i}]`;
    outcome.queues?.forEach((queue, n) => references.check(`${path}.queues[${n}]`, 'queue', queue));
    references.check(`${path}.to`, 'queue', outcome.to);
    references.check(`${path}.resumeAt`, 'stage', outcome.resumeAt);
    const used = routes.some(({ stages }) => stages.includes(outcome.resumeAt ?? ''));
    if (outcome.resumeAt !== undefined && (outcome.trigger !== 'returned' || !used))
      references.faults.push({
        path: `${path}.resumeAt`,
        wrong: '只有 returned 可以指定補件後從哪個階段繼續，而且要有路徑經過那個階段',
        example: '{ key: revise, label: 修正後通過, trigger: returned, resumeAt: confirm }',
      });
    if ((outcome.trigger === 'forwarded') !== (outcome.to !== undefined))
      references.faults.push({
        path: `${path}.to`,
        wrong: 'forwarded 必須（也只有它可以）指定轉送到哪個佇列',
        example: 'to: ministry',
      });
  });
}

function fieldFaults(
  form: ProgramFile['forms'][number],
  path: string,
  asksIdNumber: boolean,
): ProgramFault[] {
  const faults: ProgramFault[] = [];
  const has = (key: string) => form.fields.some((field) => field.key === key);
  for (const [key, example] of [
    ['name', '{ key: name, title: 姓名, type: text }'],
    ['email', '{ key: email, title: 電子郵件地址, type: email }'],
    [
      'consent',
      '{ key: consent, title: 個人資料蒐集同意, type: consent, options: [{ value: 我已閱讀並同意 }] }',
    ],
  ] as const)
    if (!has(key)) faults.push({ path: `${path}.fields`, wrong: `缺少欄位 ${key}`, example });
  if (form.notNeeded && !has(form.notNeeded.field))
    faults.push({
      path: `${path}.notNeeded.field`,
      wrong: `表單沒有欄位「${form.notNeeded.field}」`,
      example: 'platform-display',
    });
  if (has('id-number') && !asksIdNumber)
    faults.push({
      path: `${path}.fields`,
      wrong: '問了身分證統一編號，但 asksIdNumber 是 false；沒有必要就不要蒐集',
      example: 'asksIdNumber: true',
    });
  form.fields.forEach((field, i) => {
    if (field.type === 'choice' && !field.options?.length)
      faults.push({
        path: `${path}.fields[${i}].options`,
        wrong: 'choice 必須列出選項',
        example: 'options: [{ value: 進階 }, { value: 教學輔導教師 }]',
      });
  });
  if (form.window?.daysAfterNotice !== undefined && form.window.notice === undefined)
    faults.push({
      path: `${path}.window.notice`,
      wrong: 'daysAfterNotice 要從哪一天的通知起算？請寫出通知日期',
      example: 'window: { notice: 109-04-29, daysAfterNotice: 14 }',
    });
  return [...faults, ...spanFaults(`${path}.window`, form.window)];
}

function spanFaults(path: string, { from, to }: Span = {}): ProgramFault[] {
  if (!from || !to || from <= to) return [];
  return [{ path, wrong: `起日 ${from} 晚於迄日 ${to}`, example: 'from: 109-04-10, to: 109-07-31' }];
}
