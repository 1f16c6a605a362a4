import type { Clock } from '../../../../contract/clock.ts';
import {
  type Emulator,
  type EmulatorOptions,
  formsPlugin,
  type FormsService,
  type Mailbox,
  mailboxPlugin,
  type MailboxOptions,
  pagesPlugin,
  type ScriptHost,
  type ScriptOptions,
  scriptPlugin,
  startEmulator,
  startMailbox,
} from 'google-on-this-machine';
import { openScriptProjects, scriptProperties, SETUP_FUNCTION } from '../setup/script-projects.ts';
import { createLog } from '../../platform/log.ts';
import type { GoogleCredential } from '../../google/client.ts';
import type { Service, ServiceOptions } from '../service.ts';
import type { OfficeLinks } from './office-links.ts';
import { OFFICE_ACCOUNT, REVIEWER_ACCOUNT } from './people.ts';
import { trialPages } from './pages/trial-pages.ts';

export interface LocalGoogle {
  emulator: Emulator;
  forms: FormsService;
  mailbox: Mailbox;
  scripts: ScriptHost;
  /** Deploys the built scripts for this office, as `budeng setup` does on Google. @returns the forms' project */
  deploy(service: Service, options?: ScriptOptions): Promise<string>;
  close(): Promise<void>;
}

export interface LocalGoogleOptions {
  clock: Clock;
  port: number;
  smtpPort: number;
  dataDir?: string;
  links(): OfficeLinks;
  smtpFault?: MailboxOptions['fault'];
  smtpAway?: MailboxOptions['away'];
  googleFault?: EmulatorOptions['fault'];
  quota?: EmulatorOptions['quota'];
  switches?: EmulatorOptions['switches'];
  withoutAccount?: EmulatorOptions['withoutAccount'];
}

/** Starts Google, a mailbox and their pages on this machine. No other file knows both the service and the emulator. */
export async function startLocalGoogle(options: LocalGoogleOptions): Promise<LocalGoogle> {
  const { clock, dataDir } = options;
  const mailbox = await startMailbox({
    clock,
    smtpPort: options.smtpPort,
    ...(dataDir ? { dataDir } : {}),
    ...(options.smtpFault ? { fault: options.smtpFault } : {}),
    ...(options.smtpAway ? { away: options.smtpAway } : {}),
  });
  let forms: FormsService | undefined;
  let scripts: ScriptHost | undefined;
  const emulator = await startEmulator({
    clock,
    port: options.port,
    auth: 'service-account',
    account: OFFICE_ACCOUNT,
    ...(options.withoutAccount ? { withoutAccount: options.withoutAccount } : {}),
    ...(options.googleFault ? { fault: options.googleFault } : {}),
    ...(options.quota ? { quota: options.quota } : {}),
    // The office of the trial is one Workspace.
    switches: { editUser: 'told', ...options.switches },
    ...(dataDir ? { dataDir } : {}),
    plugins: [
      (opened) => {
        forms = formsPlugin(opened);
        scripts = scriptPlugin(opened, forms);
        mailboxPlugin(mailbox)(opened);
        pagesPlugin({
          forms,
          mailbox,
          scripts,
          editor: (id) => (isReviewed(opened, id) ? REVIEWER_ACCOUNT : OFFICE_ACCOUNT),
          additions: trialPages({ forms, sheets: opened.sheets, office: options.links }),
        })(opened);
      },
    ],
  }).catch(async (error) => {
    await mailbox.close();
    throw error;
  });
  if (!forms || !scripts) throw new Error('the plugins did not start');
  const host = scripts;
  return {
    emulator,
    forms,
    mailbox,
    scripts: host,
    async deploy(service, options = {}) {
      host.configure(options);
      return deploy(emulator, host, service);
    },
    async close() {
      await host.close();
      await emulator.close();
      await mailbox.close();
    },
  };
}

const isReviewed = ({ drive }: Emulator, id: string) =>
  drive.has(id) && drive.permissions(id).some(({ emailAddress }) => emailAddress === REVIEWER_ACCOUNT);

/** Each queue's spreadsheet for its reviewer, as set-up asks the operator whom to share it with. */
function share({ drive }: Emulator, { queues }: Service['office']) {
  for (const { spreadsheetId } of Object.values(queues))
    if (drive.has(spreadsheetId))
      drive.createPermission(
        spreadsheetId,
        { type: 'user', role: 'writer', emailAddress: REVIEWER_ACCOUNT },
        { transfer: false, notify: false },
      );
}

/**
 * Deploys the scripts as `budeng setup` does on Google: makes the projects, pushes them, and lets the owner run the set-up
 * function. The emulator runs what was pushed.
 */
async function deploy(
  emulator: Emulator,
  scripts: ScriptHost,
  { office, pingSecret, web, store, process }: Service,
) {
  share(emulator, office);
  const projects = await openScriptProjects({
    program: process.baseProgram,
    store,
    google: process.google,
    options: { credential: localCredential(), rootUrl: emulator.url },
    office,
  });
  await projects.pushForms(scriptProperties(office, process.baseProgram, { url: web.url, pingSecret }));
  await projects.pushDesks();
  await scripts.run(projects.formsId, SETUP_FUNCTION);
  await projects.pushForms(null);
  return projects.formsId;
}

/** A consent that only the emulator takes. */
export function localCredential(): GoogleCredential {
  return { client_id: 'trial', client_secret: 'trial', refresh_token: 'office account of the trial' };
}

type Own = Pick<ServiceOptions, 'program' | 'clock' | 'store' | 'secret'> &
  Partial<Omit<ServiceOptions, 'smtp'>> & {
    /** The sender of the office's mails. */
    from?: string;
  };

/** Makes the options of a service whose Google and mail server are on this machine; `own` are its others. */
export function localOptions(
  { emulator, mailbox }: LocalGoogle,
  { from = 'budeng <office@budeng.invalid>', ...own }: Own,
): ServiceOptions {
  return {
    google: { rootUrl: emulator.url, credential: localCredential() },
    smtp: { host: '127.0.0.1', port: mailbox.smtpPort, from },
    log: createLog('silent'),
    pollSeconds: 3600,
    webPort: 0,
    mailDomain: 'budeng.invalid',
    ...own,
  };
}
