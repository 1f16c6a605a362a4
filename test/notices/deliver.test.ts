import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { type Mailbox, type MailFault, startMailbox } from '../../emulator/src/mailbox/mailbox.ts';
import { createMailer, type Mail } from '../../sync-service/src/notices/deliver.ts';

const clock = { now: () => new Date('2020-04-21T01:00:00Z') };
let mailbox: Mailbox | null = null;
afterEach(async () => {
  await mailbox?.close();
  mailbox = null;
});

async function deliver(fault: MailFault | null, to = 'teacher@example.com') {
  mailbox = await startMailbox({ clock, smtpPort: 0, fault: () => fault });
  return send(mailbox.smtpPort, to);
}

async function send(port: number, to = 'teacher@example.com', more: Partial<Mail> = {}, silenceMs?: number) {
  const from = 'budeng <office@budeng.invalid>';
  const mailer = createMailer({ host: '127.0.0.1', port, from, ...(silenceMs ? { silenceMs } : {}) });
  try {
    return await mailer.send({
      to,
      messageId: '<one@budeng.invalid>',
      at: clock.now(),
      kind: 'acknowledgement',
      caseNumber: 'T-000001',
      notice: { subject: '主旨', text: '內文', html: '<p>內文</p>' },
      ...more,
    });
  } finally {
    mailer.close();
  }
}

describe('a hand-over over real SMTP', () => {
  it('is sent once, with its Message-ID and headers', async () => {
    expect(await deliver(null)).toMatchObject({ outcome: 'sent' });
    const [mail] = mailbox?.messages() ?? [];
    expect(mail).toMatchObject({
      messageId: '<one@budeng.invalid>',
      subject: '主旨',
      to: 'teacher@example.com',
    });
    expect(mail?.source).toContain('X-Budeng-Case: T-000001');
    expect(mail?.source).toContain('Auto-Submitted: auto-generated');
    expect(mail?.source).toMatch(/^Date: Tue, 21 Apr 2020 01:00:00/mu);
  });

  it.each([
    [{ code: 450, text: 'greylisted' }, 'retry'],
    [{ code: 421, text: 'later' }, 'retry'],
    [{ code: 550, text: 'no such user' }, 'refused'],
    ['drop-before-reply', 'uncertain'],
    ['take-and-drop', 'uncertain'],
  ] as [MailFault, string][])('%j is %s, and goes out at most once', async (fault, outcome) => {
    expect(await deliver(fault)).toMatchObject({ outcome });
    expect(mailbox?.messages().length).toBe(fault === 'take-and-drop' ? 1 : 0);
  });

  it('is tried again where no server answers', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    await once(server, 'close');
    expect(await send(port)).toMatchObject({ outcome: 'unreachable' });
  });

  it('says who an answer reaches, and how to be left alone by what goes to many', async () => {
    mailbox = await startMailbox({ clock, smtpPort: 0 });
    const reply = { replyTo: 'desk@office.example' };
    await send(mailbox.smtpPort, 'one@example.com', reply);
    await send(mailbox.smtpPort, 'two@example.com', { ...reply, kind: 'announcement' });
    await send(mailbox.smtpPort, 'three@example.com', { kind: 'announcement' });
    const [one, two, three] = mailbox.messages().map((mail) => mail.source);
    expect(one).toContain('Reply-To: desk@office.example');
    expect(one).not.toContain('List-Unsubscribe');
    expect(two).toMatch(/^List-Unsubscribe:\s+<mailto:desk@office\.example\?subject=/mu);
    expect(three).toMatch(/^List-Unsubscribe:\s+<mailto:office@budeng\.invalid\?subject=/mu);
    expect(three).not.toContain('Reply-To');
  });

  it('cannot be given a second recipient by an address', async () => {
    await deliver(null, 'a@example.com,b@example.com');
    const recipients = (mailbox?.messages() ?? []).map((mail) => mail.to);
    expect(recipients).not.toContain('b@example.com');
  });

  it('never quotes the address in its reply', async () => {
    const { reply } = await deliver({ code: 550, text: 'no such user teacher@example.com' });
    expect(reply).not.toContain('@');
  });
});

/**
 * A server that answers each command with its line: by the command's first word, `GREETING` and `MESSAGE`. An empty
 * line is silence, `bye` ends the connection.
 */
async function scripted(answers: Record<string, string>) {
  const offered: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let body = false;
    const answer = (word: string, otherwise: string) => {
      const line = answers[word] ?? otherwise;
      if (line === 'bye') socket.destroy();
      else if (line) socket.write(`${line}\r\n`);
    };
    answer('GREETING', '220 ready');
    createInterface({ input: socket }).on('line', (line) => {
      const word = line.slice(0, 4).toUpperCase();
      if (body && line !== '.') return;
      if (body) {
        body = false;
        offered.push('message');
        return answer('MESSAGE', '250 taken');
      }
      body = word === 'DATA' && (answers.DATA ?? '354').startsWith('3');
      answer(word, word === 'DATA' ? '354 go on' : '250 ok');
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    offered,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('a mail server that goes wrong in the middle', () => {
  it.each([
    ['turns the connection away', { GREETING: '554 no service' }, 'unreachable', 0],
    ['refuses to be greeted', { EHLO: '550 go away', HELO: '550 go away' }, 'unreachable', 0],
    ['offers encryption and has none', { EHLO: '250 STARTTLS', STAR: '454 not now' }, 'unreachable', 0],
    ['does not take the sender', { MAIL: '550 sender rejected' }, 'unreachable', 0],
    ['wants a login', { MAIL: '530 authentication required' }, 'unreachable', 0],
    ['finds the message too large', { MAIL: '552 too large' }, 'refused', 0],
    ['greylists the recipient', { RCPT: '451 later' }, 'retry', 0],
    ['does not know the recipient', { RCPT: '550 unknown' }, 'refused', 0],
    ['ends the session at the recipient', { RCPT: '421 closing' }, 'retry', 0],
    ['has no room at DATA', { DATA: '452 full' }, 'retry', 0],
    ['refuses what it has read', { MESSAGE: '554 spam' }, 'refused', 1],
    ['breaks off at the recipient', { RCPT: 'bye' }, 'uncertain', 0],
    ['breaks off after the message', { MESSAGE: 'bye' }, 'uncertain', 1],
    // The message is there; only the reply is not. Sent once more it would be doubled.
    ['says nothing to the message', { MESSAGE: '' }, 'uncertain', 1],
  ] as [
    string,
    Record<string, string>,
    string,
    number,
  ][])('and %s', async (_what, answers, outcome, times) => {
    const server = await scripted(answers);
    try {
      expect(await send(server.port, 'teacher@example.com', {}, 300)).toMatchObject({ outcome });
      expect(server.offered).toHaveLength(times);
    } finally {
      await server.close();
    }
  });
});
