import type { Command, Option } from 'commander';

const TITLES: Record<string, string> = {
  'Usage:': '用法 (usage)：',
  'Arguments:': '引數 (arguments)：',
  'Options:': '選項 (options)：',
  'Commands:': '指令 (commands)：',
};

/** Puts a complaint of the parser into Chinese; its own words follow in brackets. */
const COMPLAINTS: [RegExp, (...found: string[]) => string][] = [
  [/unknown command '(.+?)'/u, (name) => `沒有「${name}」這個指令`],
  [/unknown option '(.+?)'/u, (name) => `沒有「${name}」這個選項`],
  [/missing required argument '(.+?)'/u, (name) => `少了引數 <${name}>`],
  [/required option '(.+?)' not specified/u, (name) => `少了選項 ${name}`],
  [/option '(.+?)' argument missing/u, (name) => `選項 ${name} 後面要有值`],
  [/too many arguments/u, () => '引數太多'],
];

export function inWords(complaint: string): string {
  const plain = complaint.replace(/^error: /u, '').trim();
  for (const [pattern, say] of COMPLAINTS) {
    const found = pattern.exec(plain);
    if (found) return `${say(...found.slice(1))}。 (${plain.replaceAll('\n', ' ')})\n`;
  }
  return complaint;
}

function describe({ description, defaultValue, negate }: Option): string {
  const value = defaultValue === undefined || negate ? '' : `（預設 ${String(defaultValue)}）`;
  return description + value;
}

/** Sets help and complaints in Chinese. Commands made after it inherit this. */
export function speakChinese(command: Command): Command {
  return command
    .configureOutput({ outputError: (text, write) => write(inWords(text)) })
    .configureHelp({
      styleTitle: (title) => TITLES[title] ?? title,
      optionDescription: describe,
    })
    .helpOption('-h, --help', '顯示說明 (help)')
    .helpCommand('help [command]', '顯示某個指令的說明 (help for a command)')
    .showHelpAfterError('（加上 --help 可看用法 / add --help for usage）');
}
