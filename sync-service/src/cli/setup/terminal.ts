import { createInterface } from 'node:readline';
import { PublicError } from '../../../../contract/public-error.ts';
import { type AskWhetherOwn, describeUnmarked } from '../../provisioning/own-files.ts';

/** What is typed to have files taken that bear no mark of ours. */
const TAKE = '採用';

/** Talks by lines, with a person at a terminal or with a pipe that gives the answers. */
export interface Terminal {
  say(text: string): void;
  /**
   * @param instead an answer that may come from elsewhere first; the line that is typed later then answers the next
   * question
   * @returns the answer without outer blanks
   * @throws PublicError where the input ends first
   */
  ask(question: string, instead?: Promise<string>): Promise<string>;
  close(): void;
}

export function openTerminal(): Terminal {
  const lines = createInterface({ input: process.stdin });
  const answers = lines[Symbol.asyncIterator]();
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  let waiting: Promise<IteratorResult<string>> | null = null;
  const typed = async (instead?: Promise<string>): Promise<string> => {
    waiting ??= answers.next();
    const { value, done } = await waiting;
    if (!done) return String(value).trim();
    if (instead) return instead;
    throw new PublicError({
      sentence: '\n輸入在問完之前就結束了。',
      remedy: '請在終端機上逐步回答。',
      english: 'The input ended too early; answer at a terminal.',
    });
  };
  return {
    say,
    async ask(question, instead) {
      process.stdout.write(`${question}：`);
      const answer = typed(instead).then((text) => {
        waiting = null;
        return text;
      });
      const given = await (instead ? Promise.race([answer, instead]) : answer);
      // A terminal echoes the line break that is typed; a pipe does not, so one is printed.
      if (!process.stdin.isTTY) say('');
      return given;
    },
    close: () => lines.close(),
  };
}

/** @param otherwise what comes of it where they are not taken */
export function askWhetherOwn(terminal: Terminal, otherwise: string): AskWhetherOwn {
  return async (files) => {
    terminal.say('　這些檔案的名稱相符，但沒有本系統的標記，可能是 0.1 版建立的，也可能是別人的：');
    for (const file of files) terminal.say(`　　${describeUnmarked(file)}`);
    return (await terminal.ask(`　確定是這個辦公室的請輸入 ${TAKE}，直接 Enter 則${otherwise}`)) === TAKE;
  };
}
