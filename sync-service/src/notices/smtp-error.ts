import { PublicError } from '../../../contract/public-error.ts';

/**
 * How a hand-over ended. `unreachable`: the server takes nothing from us at present, whatever the message. `retry`:
 * this message was certainly not taken, try again later. `uncertain`: the connection broke after the
 * message was offered, so that it may have been taken.
 */
export type Delivery = { outcome: 'sent' | 'refused' | 'retry' | 'unreachable' | 'uncertain'; reply: string };

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

/** What an error of the mail server means for the notice that was handed over. */
export function deliveryOf(error: unknown): Delivery {
  return { outcome: outcomeOf(error as SmtpError), reply: replyOf(error as SmtpError) };
}

/** The error's own message is left out, since it quotes the recipient. */
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

const CAUSES: Record<string, { zh: string; en: string }> = {
  EAUTH: { zh: '帳號或密碼不對', en: 'it refuses the login' },
  EDNS: { zh: '查無這台主機', en: 'no such host' },
  ETLS: { zh: '加密連線沒有成功，可能是憑證或埠號不對', en: 'no encryption; look at certificate and port' },
  ECONNECTION: { zh: '連不上', en: 'no connection' },
  ECONNREFUSED: { zh: '沒有伺服器在那裡', en: 'nothing listens there' },
  ESOCKET: { zh: '連不上', en: 'no connection' },
  ETIMEDOUT: { zh: '逾時沒有回應', en: 'no answer in time' },
};

/** Why the office's mail server cannot be used. @param server `host:port` */
export function mailServerError(error: unknown, server: string): PublicError {
  const { code = '' } = error as SmtpError;
  const cause = CAUSES[code] ?? { zh: '無法使用', en: 'it cannot be used' };
  return new PublicError(
    {
      sentence: `寄信伺服器 ${server} ${cause.zh}（${replyOf(error as SmtpError)}）。`,
      remedy: '請檢查 SMTP_URL：主機、埠號（smtps 用 465，smtp 用 587）、帳號與密碼。',
      english: `The mail server ${server}: ${cause.en}; check SMTP_URL.`,
    },
    { cause: error },
  );
}
