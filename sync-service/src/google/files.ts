import type { Google } from './client.ts';
import { GoogleError } from './error.ts';

/**
 * Whether a file lies in the trash, where Google still reads and writes it until it is gone for good.
 * @returns null where Google knows of no such file
 */
export async function isTrashed(
  google: Pick<Google, 'drive' | 'call'>,
  fileId: string,
): Promise<boolean | null> {
  try {
    const { trashed } = await google.call('drive.files.get', () =>
      google.drive.files.get({ fileId, fields: 'trashed' }),
    );
    return trashed ?? false;
  } catch (error) {
    if (error instanceof GoogleError && error.kind === 'missing') return null;
    throw error;
  }
}
