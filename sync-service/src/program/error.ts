import { PublicError } from '../../../contract/public-error.ts';
export interface ProgramFault {
  /** Where in the file, e.g. `forms[0].fields[2].type`. */
  path: string;
  wrong: string;
  /** Line of the file. */
  line?: number;
  example: string;
}

/** A program file that cannot be used. The message names every place at once. */
export class ProgramError extends PublicError {
  readonly file: string;
  readonly faults: ProgramFault[];

  constructor(file: string, faults: ProgramFault[]) {
    const lines = faults.map(
      ({ path, wrong, example, line }) =>
        `  ${path || '(整份檔案)'}${line ? `（第 ${line} 行）` : ''}：${wrong}\n    例如：${example}`,
    );
    super({
      sentence: `${file} 有 ${faults.length} 處需要修改：`,
      remedy: `\n${lines.join('\n')}`,
      english: `${file} cannot be used; ${faults.length} places to change, each with an example.`,
    });
    this.file = file;
    this.faults = faults;
  }
}
