import { enumeration, service } from './call.ts';

/** https://developers.google.com/apps-script/reference/content/mime-type */
const MIME_TYPES: Record<string, string> = {
  ATOM: 'application/atom+xml',
  CSV: 'text/csv',
  ICAL: 'text/calendar',
  JAVASCRIPT: 'application/javascript',
  JSON: 'application/json',
  RSS: 'application/rss+xml',
  TEXT: 'text/plain',
  VCARD: 'text/x-vcard',
  XML: 'application/xml',
};

export interface TextOutput {
  getMimeType(): string;
}

/** As a header names it. */
export function mimeTypeOf(output: TextOutput): string {
  return MIME_TYPES[output.getMimeType()] ?? 'text/plain';
}

export const ContentService = service('ContentService', {
  createTextOutput: (given?: string) => {
    let [content, mimeType] = [String(given ?? ''), 'TEXT'];
    const output = service('TextOutput', {
      getContent: () => content,
      getMimeType: () => mimeType,
      setContent(text: string): object {
        content = String(text);
        return output;
      },
      append(text: string): object {
        content += String(text);
        return output;
      },
      setMimeType(type: string): object {
        mimeType = String(type);
        return output;
      },
    });
    return output;
  },
  MimeType: enumeration('ContentService.MimeType', Object.keys(MIME_TYPES)),
});
