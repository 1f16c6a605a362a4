import { PublicError } from '../../../../contract/public-error.ts';
import { isStoreFault } from '../../ledger/store-fault.ts';
import { traceOf } from '../output/failure.ts';

/**
 * Works on one row of a file: whatever goes wrong but a fault of the store leaves out that one row.
 * @returns the reason, in zh-TW, or null where the work was done
 */
export async function alone(work: () => Promise<void>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (isStoreFault(error)) throw error;
    if (error instanceof PublicError) return error.message.replace(/。$/u, '');
    process.stderr.write(`${traceOf(error)}\n`);
    return '發生未預期的錯誤，原因如上';
  }
}
