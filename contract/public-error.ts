/**
 * An error for the person who meets it: at the keyboard, in a sheet or in a mail. The message is the zh-TW sentence and
 * remedy; a terminal shows the English beside them. Any other error is a fault of the software and wants its stack trace.
 */
export class PublicError extends Error {
  /** What is wrong and where; zh-TW. */
  readonly sentence: string;
  /** What to do about it; zh-TW. */
  readonly remedy: string;
  /** Both in English, without anything that a teacher typed, since a log holds it. */
  readonly english: string;
  /** What a log may hold of it. */
  readonly logMessage: string;

  constructor(said: { sentence: string; remedy: string; english: string }, options?: ErrorOptions) {
    super(`${said.sentence}${said.remedy}`, options);
    this.name = new.target.name;
    this.sentence = said.sentence;
    this.remedy = said.remedy;
    this.english = said.english;
    this.logMessage = said.english;
  }
}
