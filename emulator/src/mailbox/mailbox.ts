import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EventEmitter, once } from 'node:events';
import { simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { Clock } from '../clock.ts';

export interface ReceivedMail {
  /** Counts from 1 in the order of arrival. */
  id: number;
  /** By the emulator's clock. */
  receivedAt: string;
  to: string;
  from: string;
  subject: string;
  messageId: string;
  text: string;
  html: string;
  /** The message as it came over the wire. */
  source: string;
}

/** What the server does with an offered message; for fault injection. */
export type MailFault =
  | { code: number; text: string }
  | 'drop-before-reply'
  | 'take-and-drop'
  | 'take-and-hang';

export interface Mailbox {
  smtpPort: number;
  messages(): readonly ReceivedMail[];
  /** Calls at each arrival; what it returns ends that. */
  onMail(work: () => void): () => void;
  /** Resolves at the next arrival. */
  next(): Promise<void>;
  close(): Promise<void>;
}

export interface MailboxOptions {
  clock: Clock;
  smtpPort: number;
  /** Where mails are kept over a restart. */
  dataDir?: string;
  /** Whether the server turns every connection away at present. */
  away?(): boolean;
  fault?(mail: { to: string; subject: string; messageId: string }): MailFault | null;
}

/** A real SMTP server on loopback that keeps whatever it is given. */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const file = options.dataDir ? join(options.dataDir, 'mailbox.jsonl') : null;
  if (options.dataDir) mkdirSync(options.dataDir, { recursive: true });
  const mails: ReceivedMail[] = file && existsSync(file) ? readMails(file) : [];
  const arrivals = new EventEmitter();
  const keep = (mail: ReceivedMail) => {
    mails.push(mail);
    if (file) appendFileSync(file, `${JSON.stringify(mail)}\n`);
    arrivals.emit('mail');
  };
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    logger: false,
    size: 10_000_000,
    onConnect(_session, done) {
      done(options.away?.() ? Object.assign(new Error('closing down'), { responseCode: 421 }) : null);
    },
    onData(stream, session, done) {
      void receive(stream, session.envelope.rcptTo[0]?.address ?? '', options.clock)
        .then((mail) => {
          const fault = options.fault?.(mail) ?? null;
          if (fault === null || fault === 'take-and-drop' || fault === 'take-and-hang')
            keep({ ...mail, id: mails.length + 1 });
          if (fault === 'take-and-hang') return;
          // Destroys the socket, so that the sender never learns how it ended.
          if (typeof fault === 'string') return breakConnection(server, session.id);
          return done(fault ? Object.assign(new Error(fault.text), { responseCode: fault.code }) : null);
        })
        .catch((error: Error) => done(error));
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.smtpPort, '127.0.0.1', () => resolve());
  });
  const address = server.server.address();
  return {
    smtpPort: typeof address === 'object' && address ? address.port : options.smtpPort,
    messages: () => mails,
    onMail(work) {
      arrivals.on('mail', work);
      return () => arrivals.off('mail', work);
    },
    async next() {
      await once(arrivals, 'mail');
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function breakConnection(server: SMTPServer, sessionId: string) {
  for (const connection of server.connections as Set<{ id: string; _socket: { destroy(): void } }>)
    if (connection.id === sessionId) connection._socket.destroy();
}

async function receive(stream: SMTPServerDataStream, to: string, clock: Clock): Promise<ReceivedMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  const raw = Buffer.concat(chunks);
  const parsed = await simpleParser(raw, { skipImageLinks: true });
  return {
    id: 0,
    receivedAt: clock.now().toISOString(),
    to,
    from: parsed.from?.text ?? '',
    subject: parsed.subject ?? '',
    messageId: parsed.messageId ?? '',
    text: parsed.text ?? '',
    html: parsed.html || '',
    source: raw.toString('utf8'),
  };
}

function readMails(file: string): ReceivedMail[] {
  const text = readFileSync(file, 'utf8');
  // A crash may tear the last line.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter(Boolean)
    .map((line): ReceivedMail => JSON.parse(line));
}
