import { FINDINGS, PROBLEMS } from '../cases/codes.ts';
import type { ProgramFile } from '../cases/program-rules.ts';
import { referencesOf } from '../cases/routes/conditions.ts';
import type { Span } from '../cases/calendar/window.ts';
import type { ProgramFault } from './error.ts';
import { exampleFor } from './examples.ts';
import { didYouMean } from './nearest.ts';

/** Names that one part of the file says of another: each must exist, and each list must name a thing once. */
export function referenceFaults(file: ProgramFile): ProgramFault[] {
  const faults: ProgramFault[] = [];
  const known = {
    queue: new Set(file.queues.map((queue) => queue.key)),
    form: new Set(file.forms.map((form) => form.key)),
    stage: new Set(Object.keys(file.stages)),
    contact: new Set(Object.keys(file.contacts)),
    roster: new Set(file.rosters.map((roster) => roster.key)),
    round: new Set(file.rounds.map((round) => round.key)),
    purpose: new Set(file.forms.map((form) => form.purpose)),
    code: new Set([...Object.keys(PROBLEMS), ...Object.keys(FINDINGS)]),
  };
  const check = (path: string, kind: keyof typeof known, name: string | null | undefined) => {
    if (name === undefined || name === null || known[kind].has(name)) return;
    const example = [...known[kind]].slice(0, 6).join('、') || exampleFor([`${kind}s`]);
    const meant = didYouMean(name, known[kind]);
    faults.push({ path, wrong: `沒有名為「${name}」的 ${kind}${meant}`, example });
  };
  const once = (path: string, names: string[]) => {
    const twice = names.filter((name, i) => names.indexOf(name) !== i);
    for (const name of new Set(twice))
      faults.push({ path, wrong: `「${name}」重複了，每個名稱只能出現一次`, example: exampleFor([path]) });
  };

  once(
    'queues',
    file.queues.map((queue) => queue.key),
  );
  once(
    'forms',
    file.forms.map((form) => form.key),
  );
  once(
    'rosters',
    file.rosters.map((roster) => roster.key),
  );
  once(
    'routes',
    file.routes.map((route) => route.key),
  );
  once(
    'outcomes',
    file.outcomes.map((outcome) => outcome.key),
  );
  once(
    'outcomes',
    file.outcomes.map((outcome) => outcome.label),
  );
  file.queues.forEach((queue, i) => {
    check(`queues[${i}].contact`, 'contact', queue.contact);
    queue.window?.rounds?.forEach((round, n) => check(`queues[${i}].window.rounds[${n}]`, 'round', round));
    if (queue.window?.monthsAfterCertificate !== undefined)
      faults.push({
        path: `queues[${i}].window.monthsAfterCertificate`,
        wrong: '只能用在表單的受理期間；審核期限請用 daysAfterNotice，自案件到達這個佇列的次日起算',
        example: 'window: { daysAfterNotice: 14 }',
      });
  });
  file.forms.forEach((form, i) => {
    const path = `forms[${i}]`;
    check(`${path}.contact`, 'contact', form.contact);
    form.window?.rounds?.forEach((round, n) => check(`${path}.window.rounds[${n}]`, 'round', round));
    once(
      `${path}.fields`,
      form.fields.map((field) => field.key),
    );
    once(
      `${path}.fields`,
      form.fields.map((field) => field.title),
    );
    if (Array.isArray(form.unique))
      form.unique.forEach((name, n) => {
        if (!form.fields.some((field) => field.key === name))
          faults.push({
            path: `${path}.unique[${n}]`,
            wrong: `表單沒有欄位「${name}」`,
            example: 'unique: [certificate-number]',
          });
      });
    faults.push(...fieldFaults(form, path, file.asksIdNumber));
  });
  for (const [key, stage] of Object.entries(file.stages)) {
    check(`stages.${key}.queue`, 'queue', stage.queue);
    check(`stages.${key}.secondQueue`, 'queue', stage.secondQueue);
    const needsQueue = stage.kind !== 'redirect-only' && stage.kind !== 'record-only';
    if (needsQueue && !stage.queue)
      faults.push({
        path: `stages.${key}.queue`,
        wrong: `${stage.kind} 必須指定 queue`,
        example: 'queue: city-center',
      });
    if (stage.kind === 'two-stage-review' && !stage.secondQueue)
      faults.push({
        path: `stages.${key}.secondQueue`,
        wrong: 'two-stage-review 必須指定複審的佇列',
        example: 'secondQueue: ministry',
      });
  }
  file.routes.forEach((route, i) => {
    check(`routes[${i}].form`, 'form', route.form);
    route.stages.forEach((stage, n) => check(`routes[${i}].stages[${n}]`, 'stage', stage));
    for (const { condition, kind, name } of referencesOf(route.when))
      check(`routes[${i}].when.${condition}`, kind, name);
  });
  file.outcomes.forEach((outcome, i) => {
    outcome.queues?.forEach((queue, n) => check(`outcomes[${i}].queues[${n}]`, 'queue', queue));
    check(`outcomes[${i}].to`, 'queue', outcome.to);
    check(`outcomes[${i}].resumeAt`, 'stage', outcome.resumeAt);
    const used = file.routes.some(({ stages }) => stages.includes(outcome.resumeAt ?? ''));
    if (outcome.resumeAt !== undefined && (outcome.trigger !== 'returned' || !used))
      faults.push({
        path: `outcomes[${i}].resumeAt`,
        wrong: '只有 returned 可以指定補件後從哪個階段繼續，而且要有路徑經過那個階段',
        example: '{ key: revise, label: 修正後通過, trigger: returned, ends: false, resumeAt: confirm }',
      });
    if ((outcome.trigger === 'forwarded') !== (outcome.to !== undefined))
      faults.push({
        path: `outcomes[${i}].to`,
        wrong: 'forwarded 必須（也只有它可以）指定轉送到哪個佇列',
        example: 'to: ministry',
      });
  });
  file.rounds.forEach((round, i) => faults.push(...spanFaults(`rounds[${i}]`, round)));
  file.queues.forEach((queue, i) => faults.push(...spanFaults(`queues[${i}].window`, queue.window)));
  file.routes.forEach((route, i) =>
    faults.push(...spanFaults(`routes[${i}].when.submitted`, route.when.submitted)),
  );
  for (const code of Object.keys(file.sentences)) check(`sentences.${code}`, 'code', code);
  return faults;
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
