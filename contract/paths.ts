/** A path of the service. */
interface ServicePath {
  path: string;
  /** Whether something stands below it, as in `/t/TOKEN`, rather than at it. */
  below: boolean;
  method: 'GET' | 'POST';
  /** Whether the reverse proxy passes it on. */
  public: boolean;
  /** For docs/operator.md. */
  what: string;
}

/**
 * Every path of the service, said once: the routes, the script's addresses, the links in mails and sheets, the documented
 * proxy file and doctor's questions all come from here.
 */
export const PATHS = {
  tracking: {
    path: '/t',
    below: true,
    method: 'GET',
    public: true,
    what: "a teacher's tracking page",
  },
  style: { path: '/style.css', below: false, method: 'GET', public: true, what: 'its style' },
  ping: {
    path: '/ping',
    below: false,
    method: 'POST',
    public: true,
    what: 'signed, from Apps Script: something is new',
  },
  erasures: {
    path: '/erasures',
    below: false,
    method: 'POST',
    public: true,
    what: 'signed, from Apps Script: which responses to delete. Without it nothing is ever erased from forms and intake',
  },
  preview: {
    path: '/preview',
    below: true,
    method: 'GET',
    public: true,
    what: 'the notices with sample data, linked from 「通知範本」',
  },
  health: { path: '/healthz', below: false, method: 'GET', public: true, what: 'the process answers' },
  ready: { path: '/readyz', below: false, method: 'GET', public: false, what: 'the ledger answers' },
  metrics: { path: '/metrics', below: false, method: 'GET', public: false, what: 'numbers for Prometheus' },
} as const satisfies Record<string, ServicePath>;
export type PathKey = keyof typeof PATHS;

/** What Apps Script asks for. */
export type ScriptPath = 'ping' | 'erasures';

/**
 * Joins the address of a path by hand, since Apps Script has no URL class.
 * @param base where the service is reached, with or without a slash at the end
 */
export function addressOf(base: string, key: PathKey, rest = ''): string {
  return base.replace(/\/+$/, '') + PATHS[key].path + (rest === '' ? '' : `/${rest}`);
}
