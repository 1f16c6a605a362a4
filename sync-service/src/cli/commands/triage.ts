import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { loadProgram } from '../../program/load.ts';
import { refuseTerminal } from '../output/refuse-terminal.ts';
import { remark } from '../output/remark.ts';
import { triageFiles } from '../output/dry-run.ts';
import { PublicError } from '../../../../contract/public-error.ts';

const FORMATS = ['jsonl', 'table', 'ods'] as const;

interface Options {
  program: string;
  responses: string;
  format: string;
  explain?: string;
  full?: boolean;
  out?: string;
}

export async function triageCommand(options: Options): Promise<void> {
  const format = FORMATS.find((each) => each === options.format);
  if (!format)
    throw new PublicError({
      sentence: `沒有「${options.format}」這種格式。`,
      remedy: `--format 只能是 ${FORMATS.join('、')}。`,
      english: `--format takes one of ${FORMATS.join(', ')}.`,
    });
  // What --explain prints is text, whatever the format.
  if (!options.explain) refuseTerminal(options);
  const program = await loadProgram(options.program, remark);
  const file = options.out ? createWriteStream(options.out) : null;
  if (file) await once(file, 'open');
  await triageFiles(
    {
      program,
      responsesDir: options.responses,
      format,
      ...(options.explain ? { explain: options.explain } : {}),
      ...(options.full ? { full: true } : {}),
    },
    file ?? process.stdout,
  );
  if (file) await finished(file.end());
}
