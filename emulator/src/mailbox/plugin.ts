import type { Emulator } from '../server.ts';
import type { Mailbox } from './mailbox.ts';

/** Serves the mails as JSON, for pages and scripts. */
export function mailboxPlugin(mailbox: Mailbox) {
  return ({ app }: Emulator): void => {
    app.get('/mailbox/messages', (_request, response) => {
      response.json(
        mailbox
          .messages()
          .map(({ source: _source, html: _html, ...mail }) => mail)
          .toReversed(),
      );
    });
  };
}
