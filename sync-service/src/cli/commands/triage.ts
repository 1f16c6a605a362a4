import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { loadProgram } from '../../program/load.ts';
import { triageFiles } from '../output/dry-run.ts';
import { UserError } from '../output/user-error.ts';

const FORMATS = ['jsonl', 'table', 'ods'] as const;
type Format = (typeof FORMATS)[number];

interface Options {
  program: string;
  responses: string;
  format: string;
  explain?: string;
  out?: string;
}

export async function triageCommand(options: Options): Promise<void> {
  if (!FORMATS.includes(options.format as Format))
    throw new UserError(`--format 只能是 ${FORMATS.join('、')}。 (--format takes one of these.)`);
  const program = await loadProgram(options.program);
  const file = options.out ? createWriteStream(options.out) : null;
  if (file) await once(file, 'open');
  await triageFiles(
    {
      program,
      responsesDir: options.responses,
      format: options.format as Format,
      ...(options.explain ? { explain: options.explain } : {}),
    },
    file ?? process.stdout,
  );
  if (file) await finished(file.end());
}
