import { writeFileSync } from 'node:fs';
import { systemClock } from '../../../../contract/clock.ts';
import type { GoogleOptions } from '../../google/client.ts';
import { publicErrorOf } from '../output/failure.ts';
import { QUESTIONS, type Question } from '../probe/questions.ts';
import { openScratch } from '../probe/scratch.ts';
import { readConnection } from '../setup/environment.ts';

interface Answer extends Pick<Question, 'key' | 'asks' | 'sureness'> {
  /** Null where it could not be asked; `why` says so. */
  answer: string | null;
  /** Whether the product works with this answer; null where it does not matter, or is not known. */
  fits: boolean | null;
  why?: string;
}

export interface ProbeResult {
  /** ISO instant. */
  askedAt: string;
  answers: Answer[];
  /** The answers as positions of the emulator's switches, for `npm run emulator -- --answers FILE`. */
  switches: Record<string, string>;
  /** Files of the account that could not be deleted. */
  left: string[];
}

/** `budeng probe`: asks a real account what no page promises, in scratch files that it makes and deletes. */
export async function probe({ out, json }: { out?: string; json?: boolean }): Promise<void> {
  const say = (line: string) => (json ? process.stderr : process.stdout).write(`${line}\n`);
  const result = await askAll(
    { ...readConnection(), retry: { attempts: 3 } },
    ({ asks, answer, fits, why }) => {
      const mark = answer === null || fits === false ? '✗' : '○';
      say(`${mark} ${asks}　${answer ?? why}${fits === false ? '　※本系統沒有料到，請回報' : ''}`);
    },
  );
  for (const id of result.left) say(`請自行刪除 https://drive.google.com/open?id=${id}`);
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (out) writeFileSync(out, text);
  if (json) process.stdout.write(text);
  if (result.answers.some(({ answer, fits }) => answer === null || fits === false)) process.exitCode = 1;
}

/** Asks one question after the other; one that fails holds up none of the others. */
async function askAll(options: GoogleOptions, tell: (answer: Answer) => void): Promise<ProbeResult> {
  const scratch = openScratch(options);
  const answers: Answer[] = [];
  let left: string[] = [];
  try {
    for (const question of QUESTIONS) {
      const { key, asks, sureness, fits } = question;
      const found: Answer = { key, asks, sureness, answer: null, fits: null };
      try {
        found.answer = await question.ask(scratch);
        found.fits = fits && fits.includes(found.answer);
      } catch (error) {
        found.why = publicErrorOf(error)?.message ?? (error as Error).message;
      }
      answers.push(found);
      tell(found);
    }
  } finally {
    left = await scratch.clear();
  }
  const known = answers.flatMap(({ key, answer }) => (answer === null ? [] : [[key, answer] as const]));
  return { askedAt: systemClock.now().toISOString(), answers, switches: Object.fromEntries(known), left };
}
