import type { RequestHandler, Response } from 'express';
import type { ApiName, Called } from '../discovery/api.ts';
import { DriveError } from '../drive/error.ts';
import { ApiError, errorInfo } from '../errors.ts';
import { REALM, type Tokens } from './oauth.ts';

const ROOT = 'https://www.googleapis.com/auth/';

interface Rule {
  /** How the ids of the methods begin. */
  methods: string;
  /** Any of these is enough. */
  write: readonly string[];
  /** Enough for what only reads. */
  read?: readonly string[];
}

const METADATA = ['drive.readonly', 'drive.metadata', 'drive.metadata.readonly'];
const FILES = ['drive', 'drive.file'];

/** From the reference page of each method; the first rule that fits counts. Running a script asks for the script's own. */
const RULES: readonly Rule[] = [
  { methods: 'drive.drives.create', write: ['drive'] },
  { methods: 'drive.files.emptyTrash', write: ['drive'] },
  { methods: 'drive.', write: FILES, read: METADATA },
  { methods: 'forms.forms.responses.', write: [...FILES, 'forms.responses.readonly'] },
  { methods: 'forms.', write: [...FILES, 'forms.body'], read: ['drive.readonly', 'forms.body.readonly'] },
  { methods: 'script.projects.getMetrics', write: ['script.metrics', 'script.projects'] },
  {
    methods: 'script.projects.deployments.',
    write: ['script.deployments'],
    read: ['script.deployments.readonly'],
  },
  { methods: 'script.projects.', write: ['script.projects'], read: ['script.projects.readonly'] },
  { methods: 'script.processes.', write: ['script.processes'] },
  {
    methods: 'sheets.',
    write: [...FILES, 'spreadsheets'],
    read: ['drive.readonly', 'spreadsheets.readonly'],
  },
];

const MESSAGE = 'Request had insufficient authentication scopes.';

/** Refuses a method that the token's consent does not cover, and notes where `drive.file` alone covers it. */
export function requireScope(tokens: Tokens): RequestHandler {
  return (request, response, next) => {
    const { called } = response.locals as Response['locals'] & { called?: Called };
    const granted = tokens.scopesOf(request);
    if (!called || !granted) return next();
    const { id, verb } = called.method;
    const rule = RULES.find(({ methods }) => id.startsWith(methods));
    if (!rule) return next();
    const enough = verb === 'GET' ? [...rule.write, ...(rule.read ?? [])] : rule.write;
    const given = enough.filter((name) => granted.has(`${ROOT}${name}`));
    response.locals.ownFilesOnly = given.every((name) => name === 'drive.file');
    if (given.length > 0) return next();
    response.set('WWW-Authenticate', `${REALM}, error="insufficient_scope"`);
    throw insufficient(called.api, id);
  };
}

function insufficient(api: ApiName, id: string): ApiError {
  if (api === 'drive')
    return new DriveError(
      'PERMISSION_DENIED',
      'insufficientPermissions',
      `Insufficient Permission: ${MESSAGE}`,
    );
  return new ApiError('PERMISSION_DENIED', MESSAGE, [
    errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT', { service: `${api}.googleapis.com`, method: id }),
  ]);
}
