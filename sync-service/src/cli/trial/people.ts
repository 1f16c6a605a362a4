/** Whose account the office's is: what the service makes is theirs, and the administrator sits there. */
export const OFFICE_ACCOUNT = 'office@budeng.invalid';
/** Who reviews in the trial: an editor of the queues' spreadsheets, as set-up shares them. */
export const REVIEWER_ACCOUNT = 'reviewer@budeng.invalid';
