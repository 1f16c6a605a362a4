import type { Mail, Mailer } from '../notices/deliver.ts';
import { NOTICE_LABELS, type NoticeKind } from '../notices/types.ts';
import type { Renderer } from '../notices/render.ts';
import {
  type ClaimedNotice,
  claimNotices,
  LONGEST_RETRY_MS,
  markAbandonedClaims,
  type DeliveryResult,
  recordDelivery,
} from '../ledger/outbox.ts';
import { readFiles } from '../ledger/repositories/notices.ts';
import type { Attachment } from '../ledger/schema.ts';
import { formatRocDate } from '../cases/calendar/roc.ts';
import { alert } from '../casework/alerts.ts';
import type { CaseContext } from '../casework/context.ts';
import { deadlineOf } from '../casework/correction-deadline.ts';
import { openCircuitBreaker } from './circuit-breaker.ts';
import { isStoreFault } from '../ledger/store-fault.ts';
import type { Log } from '../platform/log.ts';

const FIRST_RETRY_MS = 60_000;
/**
 * A greylisting server takes hours and a full mailbox days; after that the office had better tell the teacher itself.
 */
const GIVE_UP_AFTER_MS = 3 * 24 * 3600_000;
/** Names the mail server among the outages. */
export const MAIL = 'mail';
/** A hand-over takes seconds; a claim this old belongs to a process that died. */
const ABANDONED_AFTER_MS = 10 * 60_000;
const PARALLEL = 5;

export interface RelayContext
  extends Pick<CaseContext, 'store' | 'clock' | 'program' | 'versions' | 'mailDomain'> {
  renderer: Renderer;
  mailer: Mailer;
  log: Log;
  /** Links to the tracking page of a case. The token is never stored, so the link is added only now. */
  trackingUrl?(caseNumber: string): string;
}

/** Picks at most `limit` of the waiting notices, of these kinds. */
interface Share {
  limit?: number;
  kinds?: readonly NoticeKind[];
}

/** Hands the waiting notices to the mail server, each once. Returns the numbers of this run. */
export async function relayOutbox(
  context: RelayContext,
  { limit = Number.POSITIVE_INFINITY, kinds }: Share = {},
): Promise<{ sent: number; uncertain: number; refused: number }> {
  const totals = { sent: 0, uncertain: 0, refused: 0, pending: 0, unreachable: 0 };
  const now = context.clock.now().getTime();
  const abandoned = await markAbandonedClaims(
    context.store.db,
    new Date(now - ABANDONED_AFTER_MS),
    new Date(now + ABANDONED_AFTER_MS),
  );
  totals.uncertain += abandoned;
  const breaker = await openCircuitBreaker(context);
  if (breaker.isOpen(MAIL)) return totals;
  for (let left = limit; left > 0 && !totals.unreachable; ) {
    const claimed = await claimNotices(
      context.store.db,
      context.clock.now(),
      Math.min(PARALLEL, left),
      kinds,
    );
    left -= claimed.length;
    if (claimed.length === 0) break;
    const states = await Promise.all(claimed.map((notice) => handOver(context, notice)));
    for (const state of states) totals[state] += 1;
    const reached = states.length > totals.unreachable;
    await breaker.note(MAIL, reached ? null : { reason: '寄信伺服器不收信' }, 1);
  }
  return totals;
}

async function handOver(context: RelayContext, notice: ClaimedNotice) {
  const { unreachable, ...settlement } = await attempt(context, notice);
  await recordDelivery(context.store.db, notice.id, settlement);
  context.log.info(
    { notice: notice.id, case: notice.caseNumber, kind: notice.kind, state: settlement.state },
    'notice handed over',
  );
  return unreachable ? 'unreachable' : settlement.state;
}

async function attempt(
  context: RelayContext,
  notice: ClaimedNotice,
): Promise<DeliveryResult & { unreachable?: boolean }> {
  const { mailer, clock, log } = context;
  let ready: { mail: Mail; deadline: Date | null };
  try {
    ready = await prepare(context, notice);
  } catch (error) {
    if (isStoreFault(error)) throw error;
    log.error({ err: error, notice: notice.id }, 'notice does not render');
    return {
      state: 'refused' as const,
      reply: `does not render: ${error instanceof Error ? error.message : ''}`,
      at: clock.now(),
    };
  }
  const { mail, deadline } = ready;
  const result = await mailer.send(mail);
  const at = clock.now();
  const reply = 'reply' in result ? String(result.reply) : '';
  // The server takes nothing at all, so the notice is not at fault and waits, however long.
  if (result.outcome === 'unreachable') return { state: 'pending', reply, at, unreachable: true };
  if (result.outcome !== 'retry') return { state: result.outcome, reply, at, deadline };
  if (at.getTime() - notice.createdAt.getTime() >= GIVE_UP_AFTER_MS) return { state: 'refused', reply, at };
  const delay = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (notice.attempts - 1));
  return { state: 'pending', reply, at, dueAt: new Date(at.getTime() + delay) };
}

/** Makes the whole mail. What goes wrong here is this notice's own fault, and nothing has been handed over yet. */
async function prepare(
  context: RelayContext,
  notice: ClaimedNotice,
): Promise<{ mail: Mail; deadline: Date | null }> {
  const deadline = notice.kind === 'correction-request' ? await deadlineOf(context, notice.id) : null;
  const data = { ...withTracking(context, notice), ...told(deadline) };
  const rendered = context.renderer.render(notice.kind, data);
  if (rendered.insteadOfOwn) await alertReplaced(context, notice.kind, rendered.insteadOfOwn);
  const mail = {
    to: notice.recipient,
    messageId: notice.messageId,
    at: context.clock.now(),
    notice: rendered,
    kind: notice.kind,
    caseNumber: notice.caseNumber,
    replyTo: contactOf(notice),
    attachments: await attachmentsOf(context, notice.attachments),
  };
  return { mail, deadline };
}

/** The office is told once of words that it cannot see failing, however many mails they would have been in. */
async function alertReplaced(context: RelayContext, kind: NoticeKind, reason: string): Promise<void> {
  await alert(
    context,
    {
      title: '自訂的通知文字無法使用',
      sentence: `「${NOTICE_LABELS[kind]}」改用系統原來的文字寄出，期限照算。原因：${reason.replace(/。$/u, '')}。`,
      action: '已寄出的信不必重寄。請在「通知範本」改正這一列的主旨、內文，或清空回到原來的文字。',
    },
    { once: true },
  );
}

/** Counts the deadline from this hand-over, also where the notice has waited for the mail server. */
function told(deadline: Date | null) {
  return deadline ? { deadline: formatRocDate(deadline) } : {};
}

/** Sends replies to the desk that the notice names, where that desk has an address. */
function contactOf({ data }: ClaimedNotice): string | null {
  return (data as { contact?: { email?: string | null } }).contact?.email ?? null;
}

function withTracking({ trackingUrl }: RelayContext, { caseNumber, data }: ClaimedNotice): object {
  return caseNumber && trackingUrl ? { ...data, trackingUrl: trackingUrl(caseNumber) } : data;
}

async function attachmentsOf({ store }: RelayContext, attachments: readonly Attachment[]) {
  const ids = attachments.map((each) => each.file);
  const contents = await readFiles(store.db, ids);
  return attachments.map(({ file, name, type, inline }) => ({
    name,
    type,
    content: contents.get(file) ?? Buffer.alloc(0),
    ...(inline ? { cid: `${file}@budeng` } : {}),
  }));
}
