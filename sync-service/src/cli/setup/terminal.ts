import { createInterface } from 'node:readline';
import { PublicError } from '../../../../contract/public-error.ts';

/** A conversation by lines: with a person at a terminal, or with a pipe that gives the answers. */
export interface Terminal {
  say(text: string): void;
  /**
   * @returns the answer without outer blanks
   * @throws PublicError where the input ends first
   */
  ask(question: string): Promise<string>;
  close(): void;
}

export function openTerminal(): Terminal {
  const lines = createInterface({ input: process.stdin });
  const answers = lines[Symbol.asyncIterator]();
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  return {
    say,
    async ask(question) {
      process.stdout.write(`${question}：`);
      const { value, done } = await answers.next();
      if (done)
        throw new PublicError({
          sentence: '\n輸入在問完之前就結束了。',
          remedy: '請在終端機上逐步回答。',
          english: 'The input ended too early; answer at a terminal.',
        });
      // What comes out of a pipe is not echoed.
      if (!process.stdin.isTTY) say('');
      return String(value).trim();
    },
    close: () => lines.close(),
  };
}
