import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

interface Edit {
  file: string;
  guard: string;
  without: string;
}

/**
 * Guards that the harness must miss: each is taken out of the source as it is loaded, in this process only. Where two
 * guards stand behind one another, both go.
 */
export const MUTATIONS: Record<string, readonly Edit[]> = {
  'uncertain-is-not-resent': [
    { file: 'notices/smtp-error.ts', guard: "return 'uncertain';", without: "return 'retry';" },
  ],
  'abandoned-claim-is-uncertain': [
    { file: 'ledger/outbox.ts', guard: "state: 'uncertain', reply", without: "state: 'pending', reply" },
  ],
  'revision-the-reviewer-saw': [
    { file: 'tabs/queue-tab.ts', guard: 'Number(row.cells.revision) !== found.revision', without: 'false' },
    { file: 'tabs/ticks.ts', guard: 'same && tick.seen !== seen', without: 'false' },
  ],
  'number-belongs-to-the-row': [
    {
      file: 'tabs/queue-tab.ts',
      guard: 'if (mismatched.length === 0) return null;',
      without: 'return null;',
    },
    { file: 'tabs/ticks.ts', guard: 'same && tick.seen !== seen', without: 'false' },
  ],
  'grace-time': [{ file: 'tabs/ticks.ts', guard: '>= graceMs', without: '>= 0' }],
  'touched-rows-stay': [
    {
      file: 'google/reconcile.ts',
      guard: 'if (id && spare) doomed.push',
      without: 'if (id) doomed.push',
    },
  ],
  'deleted-tabs-come-back': [
    { file: 'reconciler/documents.ts', guard: '!isMissingTab(error)', without: 'true' },
  ],
  'own-columns-stay': [
    {
      file: 'google/layout-upgrade.ts',
      guard: 'insertions.push({ insertDimension: { range, inheritFromBefore: false } });',
      without: 'void range;',
    },
  ],
  'cells-are-typed': [
    {
      file: 'google/tab.ts',
      guard: '{ userEnteredValue: { stringValue: text } }',
      without: "{ userEnteredValue: text.startsWith('=') ? { formulaValue: text } : { stringValue: text } }",
    },
  ],
  'one-row-a-case': [
    { file: 'google/reconcile.ts', guard: 'if (!want || seen.has(id)) {', without: 'if (!want) {' },
  ],
  'key-belongs-to-the-intake-row': [
    {
      file: 'tabs/intake-tab.ts',
      guard: 'if (!isOwnKey(parsed.data))',
      without: 'if (false)',
    },
  ],
  'refused-ticks-are-unticked': [
    { file: 'tabs/ticks.ts', guard: 'refused: sentence !== null,', without: 'refused: false,' },
  ],
  'silence-after-the-message-is-uncertain': [
    {
      file: 'notices/smtp-error.ts',
      guard: 'if (EARLY_TIMEOUTS.includes(timeoutType))',
      without: 'if (timeoutType)',
    },
  ],
  'reopened-by-what-was-sent-last': [
    {
      file: 'ledger/repositories/revisions.ts',
      guard: ".orderBy('received_at', 'desc')\n    .orderBy('revision', 'desc')",
      without: ".orderBy('revision', 'asc')",
    },
  ],
  'texts-that-the-ledger-takes': [
    { file: 'casework/intake/receive.ts', guard: 'storableAnswers(given.answers)', without: 'given.answers' },
  ],
  'no-deadline-without-its-request': [
    {
      file: 'casework/transition.ts',
      guard: 'if (waitsFor === null) return null;',
      without:
        "if (state === 'needs-correction') return deadlineAfter(program, from, program.deadlines.correctionDays); if (waitsFor === null) return null;",
    },
  ],
  'latest-revision-is-judged': [
    {
      file: 'tabs/intake-tab.ts',
      guard: 'else fresh.push(read.row);',
      without: 'else if (known.size <= 2) fresh.push(read.row);',
    },
  ],
};

const name = process.env.BUDENG_MUTATION;
if (name) {
  const edits = MUTATIONS[name];
  if (!edits) throw new Error(`no mutation ${name}: ${Object.keys(MUTATIONS).join(', ')}`);
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const own = edits.filter(({ file }) => url.endsWith(`/sync-service/src/${file}`));
      if (own.length === 0) return loaded;
      const source = own.reduce(
        (text, { file, guard, without }) => {
          if (!text.includes(guard))
            throw new Error(`mutation ${name}: its guard no longer stands in ${file}`);
          return text.replace(guard, without);
        },
        readFileSync(fileURLToPath(url), 'utf8'),
      );
      return { ...loaded, format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
