/**
 * What the sweep asks for, signed as a ping is: a response whose case bears no personal data any more: the script empties its rows
 * and deletes it.
 */
export interface ErasedResponse {
  form: string;
  responseId: string;
  /** Intake keys of all its revisions. */
  keys: string[];
}
