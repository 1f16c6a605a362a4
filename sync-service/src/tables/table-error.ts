/** A table that cannot be read as it is; whoever knows its name makes a public error of it. No text of the table is in it. */
export class TableError extends Error {
  override readonly name = 'TableError';
  readonly english: string;

  /** @param message a zh-TW clause that names the place, to stand behind the name of the file */
  constructor(message: string, english: string, options?: ErrorOptions) {
    super(message, options);
    this.english = english;
  }
}
