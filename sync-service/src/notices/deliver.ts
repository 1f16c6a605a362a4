import nodemailer from 'nodemailer';
import { type Delivery, deliveryOf, mailServerError } from './smtp-error.ts';
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
  /** A server that stays silent this long counts as gone. */
  silenceMs?: number;
}

export interface Mail {
  to: string;
  messageId: string;
  /** The time in its Date header. */
  at: Date;
  notice: RenderedNotice;
  kind: string;
  /** The address for replies; the sender's address where it is null. */
  replyTo?: string | null;
  /** Empty where the notice is about no case. */
  caseNumber: string;
  attachments?: { name: string; type: string; content: Buffer; cid?: string }[];
}

export interface Mailer {
  send(mail: Mail): Promise<Delivery>;
  /**
   * Connects and logs in, sends nothing.
   * @throws PublicError
   */
  verify(): Promise<void>;
  close(): void;
}

/** Keeps a pool of connections to the office's mail server. */
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
  return {
    async send(mail) {
      try {
        const info = await transport.sendMail(messageOf(mail, options.from));
        return { outcome: 'sent', reply: String(info.response) };
      } catch (error) {
        return deliveryOf(error);
      }
    },
    async verify() {
      try {
        await transport.verify();
      } catch (error) {
        throw mailServerError(error, `${options.host}:${options.port}`);
      }
    },
    close: () => transport.close(),
  };
}

function messageOf(mail: Mail, from: string) {
  const { to, messageId, at, notice, kind, caseNumber, replyTo, attachments = [] } = mail;
  const sender = /<([^>]+)>/u.exec(from)?.[1] ?? from;
  return {
    from,
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
      // Notes of absence from Exchange would reach nobody.
      'X-Auto-Response-Suppress': 'All',
    },
  };
}

function unsubscribeLink(address: string): string {
  return `mailto:${address}?subject=${encodeURIComponent('請勿再寄補登公告')}`;
}
