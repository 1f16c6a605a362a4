import nodemailer from 'nodemailer';
import { BULK_KINDS, type RenderedNotice } from './types.ts';

export interface SmtpOptions {
  host: string;
  port: number;
  /** `Name <address>`. */
  from: string;
  user?: string;
  password?: string;
  /** TLS from the first byte (port 465). STARTTLS is used wherever the server offers it. */
  secure?: boolean;
  /** A server that says nothing for so long is taken for gone. */
  silenceMs?: number;
}

export interface Mail {
  to: string;
  messageId: string;
  /** What its Date header says. */
  at: Date;
  notice: RenderedNotice;
  kind: string;
  /** Where an answer goes; the sender's address without. */
  replyTo?: string | null;
  /** Empty where the notice is about no case. */
  caseNumber: string;
  attachments?: { name: string; type: string; content: Buffer; cid?: string }[];
}

/**
 * How a hand-over ended. `unreachable`: the server takes nothing from us at present, whatever the message. `retry`:
 * this message was certainly not taken, try again later. `uncertain`: the connection broke after the
 * message was offered, so that it may have been taken.
 */
export type Delivery = { outcome: 'sent' | 'refused' | 'retry' | 'unreachable' | 'uncertain'; reply: string };

export interface Mailer {
  send(mail: Mail): Promise<Delivery>;
  /** Connects and logs in, sends nothing. Rejects with the server's own words. */
  verify(): Promise<void>;
  close(): void;
}

interface SmtpError extends Error {
  code?: string;
  command?: string;
  responseCode?: number;
  syscall?: string;
  timeoutType?: string;
}

/** Before these are answered nothing has been said about any message. */
const OPENING = ['CONN', 'EHLO', 'HELO', 'STARTTLS'];
/** Timeouts before the session stands; a later one may fall behind the message itself. */
const EARLY_TIMEOUTS = ['CONNECT_TIMEOUT', 'GREETING_TIMEOUT', 'UPGRADE_TIMEOUT'];

/** One pool of connections to the office's mail server. */
export function createMailer(options: SmtpOptions): Mailer {
  const transport = nodemailer.createTransport({
    pool: true,
    host: options.host,
    port: options.port,
    secure: options.secure ?? false,
    maxConnections: 5,
    // The pool would hand a message over again when its connection breaks: that is how a mail goes out twice.
    maxRequeues: 0,
    connectionTimeout: 20_000,
    greetingTimeout: 20_000,
    socketTimeout: options.silenceMs ?? 60_000,
    // Below what servers wait: a connection that the server closes while it is taken up again looks like a lost reply.
    idleTimeout: 15_000,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(options.user ? { auth: { user: options.user, pass: options.password ?? '' } } : {}),
  });
  const sender = /<([^>]+)>/u.exec(options.from)?.[1] ?? options.from;
  return {
    async send({ to, messageId, at, notice, kind, caseNumber, replyTo, attachments = [] }) {
      try {
        const info = await transport.sendMail({
          from: options.from,
          // As an object the address is never parsed as a list, so that no second recipient can be smuggled in.
          to: { name: '', address: to },
          ...(replyTo ? { replyTo: { name: '', address: replyTo } } : {}),
          // Only what is sent to many: a notice about one's own case cannot be unsubscribed from.
          ...(BULK_KINDS.includes(kind) ? { list: { unsubscribe: unsubscribeLink(replyTo ?? sender) } } : {}),
          messageId,
          date: at,
          subject: notice.subject,
          text: notice.text,
          html: notice.html,
          attachments: attachments.map(({ name, type, content, cid }) => ({
            filename: name,
            contentType: type,
            content,
            ...(cid ? { cid } : {}),
          })),
          headers: {
            ...(caseNumber ? { 'X-Budeng-Case': caseNumber } : {}),
            'X-Budeng-Notice': kind,
            'Auto-Submitted': 'auto-generated',
            // No notes of absence from Exchange: nobody reads them.
            'X-Auto-Response-Suppress': 'All',
          },
        });
        return { outcome: 'sent', reply: String(info.response) };
      } catch (error) {
        return { outcome: outcomeOf(error as SmtpError), reply: replyOf(error as SmtpError) };
      }
    },
    verify: async () => void (await transport.verify()),
    close: () => transport.close(),
  };
}

function unsubscribeLink(address: string): string {
  return `mailto:${address}?subject=${encodeURIComponent('請勿再寄補登公告')}`;
}

/** Not the error's message: that quotes the recipient. */
function replyOf(error: SmtpError): string {
  return [error.responseCode, error.code, error.command].filter(Boolean).join(' ');
}

function outcomeOf({
  responseCode = 0,
  code = '',
  command = '',
  syscall,
  timeoutType = '',
}: SmtpError): Delivery['outcome'] {
  // A refused login is the office's mistake and not the recipient's; so is a sender that the server does not take.
  if (code === 'EAUTH' || responseCode === 530) return 'unreachable';
  if (command === 'MAIL FROM' && responseCode >= 500 && responseCode !== 552) return 'unreachable';
  // A server that turns the connection away has heard of no message yet.
  if (OPENING.includes(command) && responseCode >= 400) return 'unreachable';
  // Certainly nothing was offered: no address, no connection, no greeting, no encryption.
  if (syscall === 'connect' || ['EDNS', 'ECONNREFUSED', 'ETLS'].includes(code)) return 'unreachable';
  if (EARLY_TIMEOUTS.includes(timeoutType)) return 'unreachable';
  // The server said no: for now, or for good.
  if (responseCode >= 500) return 'refused';
  if (responseCode >= 400) return 'retry';
  if (code === 'EENVELOPE') return 'refused';
  // nodemailer names a connection that broke or fell silent after DATA as it names one before: nobody can know.
  return 'uncertain';
}
