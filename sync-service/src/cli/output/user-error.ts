/** A mistake of the person at the keyboard: one clear message, no stack trace. */
export class UserError extends Error {}
