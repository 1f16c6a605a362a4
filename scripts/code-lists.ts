import { PATHS } from '../contract/paths.ts';
import { keysIn } from '../contract/records.ts';
import { FINDINGS, PROBLEMS } from '../sync-service/src/cases/codes.ts';
import { LETTER_VARIABLES } from '../sync-service/src/cases/letter.ts';
import {
  DECISION_TRIGGERS,
  nextState,
  type State,
  STATES,
  TRANSITIONS,
} from '../sync-service/src/cases/lifecycle.ts';
import { STAGE_KINDS } from '../sync-service/src/cases/program-rules.ts';
import { CONDITION_KEYS, ROUTE_CONDITIONS } from '../sync-service/src/cases/routes/conditions.ts';
import { LEVELS } from '../sync-service/src/cases/types.ts';
import {
  NOTICE_KINDS,
  NOTICE_LABELS,
  NOTICE_SCHEMAS,
  type NoticeKind,
} from '../sync-service/src/notices/types.ts';
import { describeVariables, variablesOf } from '../sync-service/src/notices/wording/variables.ts';

/** Lists in the pages of `docs/` that are made from the code's own tables. */
export const CODE_LISTS: Record<string, () => string> = {
  problems: () => table(['code', '給教師的說明'], Object.entries(PROBLEMS)),
  findings: () => table(['code', '給審核者的提醒'], Object.entries(FINDINGS)),
  'letter-variables': () =>
    table(
      ['variable', '內容'],
      Object.entries(LETTER_VARIABLES).map(([name, what]) => [`{{${name}}}`, what]),
    ),
  levels: () => table(['key', 'label'], Object.entries(LEVELS)),
  lifecycle: () =>
    table(
      ['state', 'label', 'trigger → next state'],
      (Object.keys(STATES) as State[]).map((state) => [
        state,
        STATES[state],
        // Erasing personal data is possible everywhere and changes no state.
        keysIn(TRANSITIONS)
          .filter((trigger) => trigger !== 'erased' && TRANSITIONS[trigger].has(state))
          .map((trigger) => `${trigger} → ${TRANSITIONS[trigger].get(state)}`)
          .join(', '),
      ]),
    ),
  conditions: () =>
    table(
      ['condition', 'holds for', 'example'],
      CONDITION_KEYS.map((key) => {
        const { holdsFor, example } = ROUTE_CONDITIONS[key].docs;
        return [key, holdsFor, `\`${example}\``];
      }),
    ),
  paths: () =>
    table(
      ['path', 'what it is', 'passed by the proxy'],
      Object.values(PATHS).map(({ path, below, what, public: isPublic }) => [
        below ? `${path}/…` : path,
        what,
        isPublic ? 'yes' : 'no: keep it inside',
      ]),
    ),
  proxy: () =>
    [
      '```',
      'budeng.office.example {',
      `  @public path ${publicPatterns().join(' ')}`,
      '  handle @public {',
      '    reverse_proxy 127.0.0.1:8091',
      '  }',
      '  handle {',
      '    respond 404',
      '  }',
      '}',
      '```',
    ].join('\n'),
  'stage-kinds': () => table(['kind', 'label'], Object.entries(STAGE_KINDS)),
  variables: () => kindsByVariables().map(variablesOfKinds).join('\n\n'),
  triggers: () =>
    table(
      ['trigger', 'label', 'an open case becomes'],
      Object.entries(DECISION_TRIGGERS).map(([trigger, label]) => {
        const next = nextState('in-review', trigger as keyof typeof DECISION_TRIGGERS);
        return [trigger, label, next.ok ? STATES[next.state] : '–'];
      }),
    ),
};

/** Notices that share their variables. */
function kindsByVariables(): NoticeKind[][] {
  return [...Map.groupBy(NOTICE_KINDS, (kind) => NOTICE_SCHEMAS[kind]).values()];
}

function variablesOfKinds(kinds: readonly NoticeKind[]): string {
  const [first] = kinds;
  const labels = kinds.map((kind) => NOTICE_LABELS[kind]).join('、');
  const head = kinds.length > 2 ? `### 和案件有關的通知\n\n${wrapped(`${labels}。`)}` : `### ${labels}`;
  const rows = first ? describeVariables(variablesOf(first)) : [];
  const list = table(
    ['寫法', '是什麼', '說明'],
    rows.map(({ write, title, say }) => [write, title, say || '–']),
  );
  return `${head}\n\n${list}`;
}

/** Lines that the pages' tests take, broken behind 、. */
function wrapped(text: string): string {
  return text.replaceAll(/.{1,90}(?:[、。]|$)/gu, '$&\n').trim();
}

function publicPatterns(): string[] {
  return Object.values(PATHS).flatMap(({ path, below, public: isPublic }) =>
    isPublic ? [below ? `${path}/*` : path] : [],
  );
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell : cell.replaceAll('|', '\\|'))).join(' | ')} |`;
  const code = rows.map(([first = '', ...rest]) => line([`\`${first}\``, ...rest]));
  return [line(header), `|${header.map(() => '---').join('|')}|`, ...code].join('\n');
}
