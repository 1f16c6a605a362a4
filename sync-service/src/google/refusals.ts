/** What one of Google's refusals means for the office, why it comes, and what to do about it. */
export interface Refusal {
  /** zh-TW: what is wrong. */
  sentence: string;
  /** zh-TW: what to do. */
  remedy: string;
  english: string;
  /** The page on which it is mended; where Google's own sentence holds an address, that goes first. */
  link?: string;
}

/** Reasons and sentences are Google's own; `Drive API: resolve errors`, `Sheets API: troubleshoot`, OAuth error pages. */
export const REFUSALS = {
  away: {
    sentence: 'Google 沒有回應',
    remedy: '請確認網路連線，稍後再試。',
    english: 'Google does not answer; check the network and try again later.',
  },
  busy: {
    sentence: '用量已達 Google 的上限',
    remedy: '請一分鐘後再試。',
    english: "Google's quota is used up for now; try again in a minute.",
  },
  'used-up': {
    sentence: '今天的用量已達 Google 的上限',
    remedy: '請明天再試；常常發生時，請在 Google Cloud 查看配額。',
    english: "The day's quota is used up; try again tomorrow.",
    link: 'https://console.cloud.google.com/iam-admin/quotas',
  },
  consent: {
    sentence: '辦公室帳號的 Google 授權已失效或被撤銷',
    remedy:
      '請重跑 budeng setup，用辦公室的帳號重新同意。同意畫面若還在「測試」狀態，授權七天就失效，請先改為「內部」或「正式版」。',
    english:
      'The consent has ended or was taken back; run budeng setup and agree again. A consent screen in testing ends each consent after seven days.',
    link: 'https://console.cloud.google.com/auth/audience',
  },
  client: {
    sentence: 'Google 不認得這個 OAuth 用戶端，可能已刪除、停用或換了密鑰',
    remedy: '請在 Google Cloud 確認用戶端，下載新的 JSON，刪除 google-credential.json 後重跑 budeng setup。',
    english:
      'Google does not know this OAuth client; download its JSON anew, delete google-credential.json and run budeng setup.',
    link: 'https://console.cloud.google.com/auth/clients',
  },
  scope: {
    sentence: '授權時沒有勾選全部的權限',
    remedy: '請重跑 budeng setup，在 Google 的同意畫面勾選每一項。',
    english: 'A box of the consent was left empty; run budeng setup again and tick every box.',
  },
  policy: {
    sentence: '網域的管理員不允許這個程式使用 Google 服務',
    remedy: '請洽貴單位的 Google Workspace 管理員，把這個 OAuth 用戶端設為信任的應用程式。',
    english: 'The domain administrator does not allow this program; have the OAuth client marked as trusted.',
    link: 'https://admin.google.com/ac/owl/list?tab=configuredApps',
  },
  'switched-off': {
    sentence: '這個 Google Cloud 專案還沒有啟用需要的 API',
    remedy: '請開啟下列網址，按「啟用」，幾分鐘後再試。',
    english: 'This API is not switched on for the project; open the address, switch it on and try again.',
    link: 'https://console.cloud.google.com/apis/library',
  },
  'script-switched-off': {
    sentence: '辦公室帳號還沒有開啟 Google Apps Script API',
    remedy: '請用辦公室的帳號開啟下列網址，切換為「開啟」，幾分鐘後再試。',
    english: 'The account has not switched on the Apps Script API; open the address as the office account.',
    link: 'https://script.google.com/home/usersettings',
  },
  full: {
    sentence: '辦公室帳號的雲端硬碟空間不足',
    remedy: '請清出空間或加購。',
    english: "The office account's Drive is full; make room.",
    link: 'https://one.google.com/storage',
  },
  'no-account': {
    sentence: '這個信箱沒有 Google 帳號，不能直接共用',
    remedy: '請改填對方的 Google 帳號，或在 Google 的共用視窗寄邀請。',
    english: 'No Google account belongs to this address; use another, or invite it in the sharing window.',
  },
  'sharing-limit': {
    sentence: '今天共用的次數已達 Google 的上限',
    remedy: '請明天重跑，已共用的不會重複。',
    english: 'Too much was shared today; run it again tomorrow.',
  },
  'sharing-policy': {
    sentence: '網域的規定不允許這樣共用',
    remedy: '請洽貴單位的 Google Workspace 管理員，或改用網域內的帳號。',
    english:
      'The domain does not allow to share like this; ask its administrator or use an account of the domain.',
    link: 'https://admin.google.com/ac/appsettings/55656082996/sharing',
  },
  protected: {
    sentence: '要寫入的儲存格受保護，這個帳號不能編輯',
    remedy: '請用擁有者的帳號，在「資料」→「保護工作表和範圍」移除別人加上的保護。',
    english: 'A protected cell cannot be edited by this account; the owner removes the protection.',
  },
  'too-big': {
    sentence: '試算表已達 Google 的上限（一千萬個儲存格）',
    remedy: '請刪除自己加上的大型工作表，或把舊案件封存。',
    english: 'The spreadsheet has reached ten million cells; delete tabs of your own, or archive old cases.',
  },
  'not-a-sheet': {
    sentence: '這個檔案不是 Google 試算表（可能是上傳的 Excel 檔）',
    remedy: '請在「檔案」→「另存為 Google 試算表」，或重跑 budeng setup 另建。',
    english: 'This file is no Google spreadsheet, perhaps an Excel file; save it as one or run budeng setup.',
  },
  'not-ours': {
    sentence: '這個檔案不是本程式建立的，授權的範圍不含它',
    remedy: '請用建立它的 OAuth 用戶端，或重跑 budeng setup 另建。',
    english:
      'The consent covers files that this program made, and this is none; use the OAuth client that made it.',
  },
  forbidden: {
    sentence: '這個帳號沒有權限',
    remedy: '請確認檔案仍由辦公室帳號擁有，或與它共用為編輯者。',
    english: 'The account lacks the right; it must own the file or be its editor.',
  },
  missing: {
    sentence: 'Google 找不到這個檔案',
    remedy: '請看是否在垃圾桶，或不再與這個帳號共用；已永久刪除時重跑 budeng setup 另建。',
    english: 'Google knows no such file; look into the trash, or run budeng setup to make it anew.',
    link: 'https://drive.google.com/drive/trash',
  },
  'missing-tab': {
    sentence: '試算表裡少了一張工作表',
    remedy: '請用版本記錄還原；服務會自行補上缺少的工作表。',
    english: 'A tab is missing; the service makes it anew.',
  },
  refused: {
    sentence: 'Google 拒絕了這個要求',
    remedy: '請把這一行交給維護人員。',
    english: 'Google refused the request; hand this line to whoever maintains the software.',
  },
} as const satisfies Record<string, Refusal>;

export type RefusalKind = keyof typeof REFUSALS;

/** Reasons that Google gives by name, whatever the status. */
export const REASONS: Readonly<Record<string, RefusalKind>> = {
  userRateLimitExceeded: 'busy',
  rateLimitExceeded: 'busy',
  dailyLimitExceeded: 'used-up',
  quotaExceeded: 'used-up',
  invalid_grant: 'consent',
  authError: 'consent',
  invalid_client: 'client',
  unauthorized_client: 'client',
  deleted_client: 'client',
  disabled_client: 'client',
  insufficientPermissions: 'scope',
  ACCESS_TOKEN_SCOPE_INSUFFICIENT: 'scope',
  invalid_scope: 'scope',
  admin_policy_enforced: 'policy',
  org_internal: 'policy',
  domainPolicy: 'policy',
  accessNotConfigured: 'switched-off',
  SERVICE_DISABLED: 'switched-off',
  storageQuotaExceeded: 'full',
  teamDriveFileLimitExceeded: 'full',
  activeItemCreationLimitExceeded: 'full',
  invalidSharingRequest: 'no-account',
  sharingRateLimitExceeded: 'sharing-limit',
  shareOutNotPermitted: 'sharing-policy',
  publishOutNotPermitted: 'sharing-policy',
  cannotShareOutsideDomain: 'sharing-policy',
  appNotAuthorizedToFile: 'not-ours',
  insufficientFilePermissions: 'forbidden',
  notFound: 'missing',
};

/** What Google names by its sentence only. */
export const SENTENCES: readonly (readonly [status: number, part: string, kind: RefusalKind])[] = [
  [400, 'No grid with id', 'missing-tab'],
  [403, 'User has not enabled the Apps Script API', 'script-switched-off'],
  [403, 'it is disabled. Enable it by visiting', 'switched-off'],
  [403, 'insufficient authentication scopes', 'scope'],
  [400, 'protected cell or object', 'protected'],
  [400, 'limit of 10000000 cells', 'too-big'],
  [400, 'not supported for this document', 'not-a-sheet'],
];

export const STATUSES: Readonly<Record<number, RefusalKind>> = {
  401: 'consent',
  403: 'forbidden',
  404: 'missing',
  429: 'busy',
};
