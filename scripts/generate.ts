import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { NOTICE_KINDS, NOTICE_SCHEMAS } from '../sync-service/src/notices/types.ts';
import { CODE_LISTS } from './code-lists.ts';
import { LAYOUTS_FILE, recordLayouts } from './layouts.ts';
import { recordOriginalWords } from './original-words.ts';
import { ORIGINALS_FILE } from '../sync-service/src/notices/template-files.ts';
import { programJsonSchema } from '../sync-service/src/program/load.ts';

/** What is generated from the code, by file. A test compares each with what lies in the repository. */
export function generated(): Record<string, string> {
  return {
    'programs/program.schema.json': `${JSON.stringify(programJsonSchema(), null, 2)}\n`,
    ...noticeSchemas(),
    [LAYOUTS_FILE]: recordLayouts(),
    [ORIGINALS_FILE]: recordOriginalWords(),
    ...Object.fromEntries(
      ['docs/program-file.md', 'docs/architecture.md', 'docs/operator.md', 'docs/wording.zh-TW.md'].map(
        (page) => [page, withLists(page, readFileSync(page, 'utf8'))],
      ),
    ),
  };
}

/** The variables of each notice, beside its words: what an office may write in them. */
function noticeSchemas(): Record<string, string> {
  return Object.fromEntries(
    NOTICE_KINDS.map((kind) => [
      `templates/${kind}/schema.json`,
      `${JSON.stringify(z.toJSONSchema(NOTICE_SCHEMAS[kind]), null, 2)}\n`,
    ]),
  );
}

/** Refreshes each `<!-- list:name -->…<!-- /list -->` of a page and leaves its words alone. */
function withLists(page: string, text: string): string {
  return text.replace(/<!-- list:([a-z-]+) -->\n[\s\S]*?<!-- \/list -->/gu, (_all, name: string) => {
    const list = CODE_LISTS[name];
    if (!list) throw new Error(`${page} names a list ${name} that scripts/code-lists.ts does not make`);
    return `<!-- list:${name} -->\n${list()}\n<!-- /list -->`;
  });
}

if (import.meta.main)
  for (const [file, text] of Object.entries(generated())) {
    writeFileSync(file, text);
    console.log(file);
  }
