/** Exports what a program that embeds the emulator may use; there is no other door. */
export { type Clock, clockFrom, systemClock } from './clock.ts';
export { formsPlugin } from './forms/plugin.ts';
export type { FormsService } from './forms/service.ts';
export { type Mailbox, type MailboxOptions, startMailbox } from './mailbox/mailbox.ts';
export { mailboxPlugin } from './mailbox/plugin.ts';
export { type Html, html } from './pages/html.ts';
export { sendPage } from './pages/layout.ts';
export type { FormAdditions, PageAdditions, PagesParts } from './pages/parts.ts';
export { pagesPlugin } from './pages/plugin.ts';
export { actAs, type Person } from './people.ts';
export { ScriptHost, type ScriptOptions } from './script/host.ts';
export { scriptPlugin } from './script/plugin.ts';
export type { Trigger, UiPlace } from './script/protocol.ts';
export { type Emulator, type EmulatorOptions, startEmulator } from './server.ts';
export type { SheetsService } from './sheets/service.ts';
export type { Switches } from './switches.ts';
