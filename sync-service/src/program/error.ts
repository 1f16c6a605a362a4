export interface ProgramFault {
  /** Where in the file, e.g. `forms[0].fields[2].type`. */
  path: string;
  wrong: string;
  /** Line of the file. */
  line?: number;
  example: string;
}

/** A program file that cannot be used. The message names every place at once. */
export class ProgramError extends Error {
  readonly file: string;
  readonly faults: ProgramFault[];

  constructor(file: string, faults: ProgramFault[]) {
    const lines = faults.map(
      ({ path, wrong, example, line }) =>
        `  ${path || '(整份檔案)'}${line ? `（第 ${line} 行）` : ''}：${wrong}\n    例如：${example}`,
    );
    super(`${file} 有 ${faults.length} 處需要修改：\n${lines.join('\n')}`);
    this.name = 'ProgramError';
    this.file = file;
    this.faults = faults;
  }
}
