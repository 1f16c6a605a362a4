import { createServer } from 'node:net';
import { once } from 'node:events';
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

async function send(port: number, to = 'teacher@example.com', more: Partial<Mail> = {}) {
  const mailer = createMailer({ host: '127.0.0.1', port, from: 'budeng <office@budeng.invalid>' });
  try {
    return await mailer.send({
      to,
      messageId: '<one@budeng.invalid>',
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
