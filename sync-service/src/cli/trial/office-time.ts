import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, officeClock, systemClock } from '../../../../contract/clock.ts';
import { ROC_OFFSET } from '../../cases/calendar/roc.ts';
import { PublicError } from '../../../../contract/public-error.ts';

/**
 * Reads the clock that `--now` asks for: `real`, a ROC date (`109-04-21`, 09:00 in Taipei) or an ISO instant; without
 * an offset it is Taipei time.
 */
export function clockFor(now: string): Clock {
  return now === 'real' ? systemClock : officeClock(parseOfficeTime(now));
}

function parseOfficeTime(text: string): Date {
  const date = /^(\d{2,4})-(\d{2})-(\d{2})(?:T(.+))?$/.exec(text.trim());
  if (date) {
    const year = Number(date[1]) < 1000 ? Number(date[1]) + ROC_OFFSET : Number(date[1]);
    const time = date[4] ?? '09:00:00';
    const zone = /Z$|[+-]\d\d:\d\d$/.test(time) ? '' : '+08:00';
    const instant = new Date(`${year}-${date[2]}-${date[3]}T${time}${zone}`);
    if (!Number.isNaN(instant.getTime())) return instant;
  }
  throw new PublicError({
    sentence: `--now「${text}」看不懂。`,
    remedy: '請寫成 109-04-21、2020-04-21T09:00 或 real。',
    english: '--now takes a date, an instant or "real".',
  });
}

const FILE = 'office-time';

/** Lets the office go on at the time at which it stopped, since no response may be older than an earlier one. */
export function readOfficeTime(data: string): Clock | null {
  const file = join(data, FILE);
  if (!existsSync(file)) return null;
  const at = new Date(readFileSync(file, 'utf8').trim());
  return Number.isNaN(at.getTime()) ? null : officeClock(at);
}

/** Writes the office's time down now and then; returns what stops it. */
export function keepOfficeTime(data: string, clock: Clock): () => void {
  const write = () => {
    mkdirSync(data, { recursive: true });
    writeFileSync(join(data, FILE), clock.now().toISOString());
  };
  const timer = setInterval(write, 5000);
  timer.unref();
  return () => {
    clearInterval(timer);
    write();
  };
}
