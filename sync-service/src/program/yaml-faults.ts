import { type Document, type LineCounter, visit, type YAMLParseError } from 'yaml';
import { storable } from '../../../contract/cell-text.ts';
import type { ProgramFault } from './error.ts';

/** What people type that only looks right, each with its name and how the line should read. */
const SLIPS: [slip: RegExp, wrong: string, mend: (line: string) => string][] = [
  [/^ *\t/u, '縮排用了 Tab 鍵，請改用空白', (line) => line.replaceAll('\t', '  ')],
  [
    /^\s*(?:- )?(?:\{ )?[\w-]+：/u,
    '冒號是全形「：」，請改用半形「:」並加一個空白',
    (line) => line.replace('：', ': '),
  ],
  [
    /^[ -]*[A-Za-z][\w-]*:[^\s/'"]/u,
    '冒號後面少了一個空白',
    (line) => line.replace(/^([ -]*[\w-]+):/u, '$1: '),
  ],
  [
    /^[ -]*[\u3000\u00a0]|:[\u3000\u00a0]/u,
    '用了全形或特殊空白，請改用半形空白',
    (line) => line.replace(/[\u3000\u00a0]/gu, ' '),
  ],
  [/[｛｝［］]|[}\]]，/u, '括號或逗號是全形，請改用半形 { } [ ] ,', (line) => line.normalize('NFKC')],
];

const INDENT = '縮排與同一層的其他行不一致，同一層的鍵必須左邊對齊';
const EXAMPLE = 'title: 臺南市109年度專業回饋人才證書補登';
/** Words the parser's errors by its own codes; the rest keep its words. */
const ERRORS: Partial<Record<YAMLParseError['code'], [wrong: string, example: string]>> = {
  DUPLICATE_KEY: ['同一個鍵寫了兩次，請刪去一個', EXAMPLE],
  BLOCK_AS_IMPLICIT_KEY: [
    '縮排與上下行不一致，或是文字裡的「: 」沒有用引號括起來',
    "next: '說明: 市教專中心將審核'",
  ],
  BAD_INDENT: [`${INDENT}，或是上一行少了右括號`, 'queues:\n      - { key: platform, label: 平臺 }'],
  MISSING_CHAR: ['少了一個引號、冒號或括號，也可能在前面幾行', "title: '臺南市109年度補登'"],
  BAD_SCALAR_START: ['文字不能以 @ 或 ` 開頭，請用引號括起來', "help: '@tn.edu.tw 的信箱收信較慢'"],
  MULTIPLE_DOCS: ['一個檔案只能有一份計畫，請刪去單獨一行的 ---', EXAMPLE],
  MULTILINE_IMPLICIT_KEY: ['這一行不是「鍵: 值」，請檢查冒號與縮排', EXAMPLE],
};

/**
 * Why the text is no YAML. One slip makes the parser stumble over everything after it: what can be seen in the lines
 * themselves is told instead, else only the first error.
 */
export function yamlFaults(document: Document.Parsed, text: string): ProgramFault[] {
  const [first] = document.errors;
  if (!first) return [];
  const lines = text.split('\n');
  const slips = lines.flatMap((line, i): ProgramFault[] => {
    const found = /^\s*#/u.test(line) ? undefined : SLIPS.find(([slip]) => slip.test(line));
    if (!found) return [];
    const [, wrong, mend] = found;
    return [{ path: `第 ${i + 1} 行`, wrong: `不是正確的 YAML：${wrong}`, example: mend(line).trim() }];
  });
  if (slips.length > 0) return slips;
  const line = first.linePos?.[0].line;
  const [wrong, example] = ERRORS[first.code] ?? [first.message.split('\n')[0] ?? '', EXAMPLE];
  const shown = line ? `（${(lines[line - 1] ?? '').trim().slice(0, 60)}）` : '';
  return [{ path: `第 ${line ?? '?'} 行`, wrong: `不是正確的 YAML：${wrong}${shown}`, example }];
}

/**
 * Texts with a control character or half a character, typed or escaped (`"\\0"`). The ledger refuses to store the file
 * and Google the title, each at another time, so the file is refused whole.
 */
export function unsayableFaults(document: Document.Parsed, lines: LineCounter): ProgramFault[] {
  const faults: ProgramFault[] = [];
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'string') return;
      const kept = storable(node.value);
      if (kept === node.value) return;
      const { line } = lines.linePos(node.range?.[0] ?? 0);
      const example = kept.replaceAll('\ufffd', '').trim().slice(0, 60) || EXAMPLE;
      faults.push({ path: `第 ${line} 行`, wrong: '文字裡有看不見的控制字元或半個字，請刪去', example });
    },
  });
  return faults;
}
