/** What FormApp sets and the Forms API neither shows nor changes. */
export interface Presentation {
  /** Without it every edit link leads to a page that says so. */
  allowResponseEdits: boolean;
  /** Shows everybody a summary of all answers. */
  publishingSummary: boolean;
  /** Shown to whoever has sent the form; Google's own sentence where it is empty. */
  confirmationMessage: string;
  /** Shown instead of the form while it takes no responses; Google's own sentence where it is empty. */
  customClosedFormMessage: string;
}

export const PLAIN: Presentation = {
  allowResponseEdits: false,
  publishingSummary: false,
  confirmationMessage: '',
  customClosedFormMessage: '',
};
