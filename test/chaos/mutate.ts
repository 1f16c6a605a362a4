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
    { file: 'notices/deliver.ts', guard: "return 'uncertain';", without: "return 'retry';" },
  ],
  'abandoned-claim-is-uncertain': [
    { file: 'ledger/outbox.ts', guard: "state: 'uncertain', reply", without: "state: 'pending', reply" },
  ],
  'revision-the-reviewer-saw': [
    { file: 'sync/decisions.ts', guard: 'Number(row.cells.revision) !== found.revision', without: 'false' },
    { file: 'sync/ticks.ts', guard: 'same && tick.seen !== seen', without: 'false' },
  ],
  'number-belongs-to-the-row': [
    { file: 'sync/decisions.ts', guard: 'if (strange.length === 0) return null;', without: 'return null;' },
    { file: 'sync/ticks.ts', guard: 'same && tick.seen !== seen', without: 'false' },
  ],
  'grace-time': [{ file: 'sync/ticks.ts', guard: '>= graceMs', without: '>= 0' }],
  'touched-rows-stay': [
    {
      file: 'sheets/reconcile.ts',
      guard: 'if (untouched || done) doomed.push',
      without: 'if (true) doomed.push',
    },
  ],
  'deleted-tabs-come-back': [{ file: 'sync/cycle.ts', guard: '!isMissingTab(error)', without: 'true' }],
  'older-revision-does-not-win': [
    { file: 'sync/judge.ts', guard: 'row.revision < earlier.revision_at', without: 'false' },
  ],
  'cells-are-typed': [
    {
      file: 'sheets/tab.ts',
      guard: '{ userEnteredValue: { stringValue: value } }',
      without:
        "{ userEnteredValue: value.startsWith('=') ? { formulaValue: value } : { stringValue: value } }",
    },
  ],
  'same-key-is-known': [{ file: 'sync/judge.ts', guard: 'if (known) return false;', without: '' }],
  'same-notice-once': [
    {
      file: 'ledger/outbox.ts',
      guard: ".onConflict((conflict) => conflict.columns(['scope', 'kind', 'revision', 'turn']).doNothing())",
      without: '',
    },
  ],
  'one-row-a-case': [
    { file: 'sheets/reconcile.ts', guard: 'if (!want || seen.has(id)) {', without: 'if (!want) {' },
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
