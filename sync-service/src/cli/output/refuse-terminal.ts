import { PublicError } from '../../../../contract/public-error.ts';

/** A zip on a terminal shows nothing and may leave it unusable. */
export function refuseTerminal({ format, out }: { format: string; out?: string }): void {
  if (out || !process.stdout.isTTY || !['ods', 'xlsx'].includes(format)) return;
  throw new PublicError({
    sentence: `.${format} 不能顯示在終端機上。`,
    remedy: '請以 --out 指定檔名。',
    english: `A .${format} cannot be shown on a terminal; name a file with --out.`,
  });
}
