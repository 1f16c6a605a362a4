import type { drive_v3 } from 'googleapis/build/src/apis/drive/v3.js';
import { contactOf } from '../cases/contacts.ts';
import type { Program, ProgramForm } from '../cases/program-rules.ts';
import type { Google } from '../google/client.ts';

/** Publishing a form admits nobody: who may answer it stands in Drive, as permissions of this view. */
const VIEW = 'published';

/** Without its view this permission would open the form's editor. */
export function responderPermission({ responders }: Pick<Program, 'responders'>) {
  const [type, domain] = responders.split(':');
  return { type, ...(domain ? { domain } : {}), role: 'reader', view: VIEW };
}

/** Everybody that a form's file is shared with, its responders included. */
export async function formPermissions(
  google: Pick<Google, 'drive' | 'call'>,
  fileId: string,
): Promise<drive_v3.Schema$Permission[]> {
  const { permissions } = await google.call('drive.permissions.list', () =>
    google.drive.permissions.list({
      fileId,
      includePermissionsForView: VIEW,
      fields: 'permissions(id,type,domain,role,view)',
    }),
  );
  return permissions ?? [];
}

export const isPublic = ({ type }: drive_v3.Schema$Permission) => type === 'anyone' || type === 'domain';

/** Whom the permissions let answer the form, as the program file writes it. */
export function respondersIn(permissions: readonly drive_v3.Schema$Permission[]): string[] {
  return permissions
    .filter((each) => each.view === VIEW && isPublic(each))
    .map(({ type, domain }) => (type === 'domain' ? `domain:${domain}` : 'anyone'));
}

/** Lets the program's responders answer a form, and no others. It may be repeated. */
export async function admitResponders(
  google: Google,
  fileId: string,
  program: Pick<Program, 'responders'>,
): Promise<void> {
  const permissions = await formPermissions(google, fileId);
  if (!respondersIn(permissions).includes(program.responders))
    await google.call('drive.permissions.create', () =>
      google.drive.permissions.create({ fileId, requestBody: responderPermission(program) }),
    );
  const spare = permissions.filter(
    (each) => each.view === VIEW && isPublic(each) && !respondersIn([each]).includes(program.responders),
  );
  for (const { id } of spare)
    await google.call('drive.permissions.delete', () =>
      google.drive.permissions.delete({ fileId, permissionId: id ?? '' }),
    );
}

/** Publishes a form, and opens or closes it to responses. It may be repeated. */
export async function setAccepting(google: Google, formId: string, accepting: boolean): Promise<void> {
  const { publishSettings } = await google.call('forms.get', () =>
    google.forms.forms.get({ formId, fields: 'publishSettings' }),
  );
  const { isPublished = false, isAcceptingResponses = false } = publishSettings?.publishState ?? {};
  if (isPublished && isAcceptingResponses === accepting) return;
  await google.call('forms.setPublishSettings', () =>
    google.forms.forms.setPublishSettings({
      formId,
      requestBody: {
        publishSettings: { publishState: { isPublished: true, isAcceptingResponses: accepting } },
        updateMask: 'publish_state',
      },
    }),
  );
}

/** What Google shows while a form takes no responses. Windows move, so that no date stands in it. */
export function closedMessage(program: Pick<Program, 'contacts'>, form: ProgramForm): string {
  const contact = contactOf(program, form.contact);
  return [
    `「${form.title}」目前不受理填報，受理期間請見公告。`,
    '已經送件的老師，請用信裡的查詢連結看進度；請您補正的案件，在補正期限內仍可由信裡的連結修改。',
    contact && `如有疑問，請洽${contact.office}，電話 ${contact.phone}。`,
  ]
    .filter(Boolean)
    .join('\n');
}

/** What Google shows to whoever has sent the form. */
export const CONFIRMATION =
  '已收到您的回應。案號與檢查結果會在幾分鐘內寄到您填的電子郵件地址；沒有收到，請先看垃圾郵件匣，或修改回應，檢查地址有沒有填錯。';
