/** What the sidebar asks for: signed as a ping is, with `about` naming the case. */
export interface HistoryEntry {
  /** ROC date and time. */
  at: string;
  what: string;
  state: string;
  actor: string;
  reason: string;
}
