import { randomBytes } from 'node:crypto';
import express, { type Request, type RequestHandler, type Response } from 'express';
import { ApiError, errorInfo } from '../errors.ts';
import type { Person } from '../people.ts';

const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const LONGEST = 3600;
const EVERYTHING = [
  'drive',
  'spreadsheets',
  'forms.body',
  'forms.responses.readonly',
  'script.projects',
  'script.deployments',
]
  .map((name) => `https://www.googleapis.com/auth/${name}`)
  .join(' ');

/** The access tokens that this process gave out, and whom it took back. */
export class Tokens {
  readonly #holders = new Map<string, string>();
  /** For whom a token acts that a service account was given in a person's place. */
  readonly #subjects = new Map<string, string>();
  readonly #revoked = new Set<string>();
  /** Authorization codes that wait to be redeemed, with the scope that was agreed to. */
  readonly #codes = new Map<string, string>();
  /** What each refresh token that was given out here holds. */
  readonly #granted = new Map<string, string>();
  readonly #scopes = new Map<string, string>();
  /** Through which OAuth client each access token was asked for. */
  readonly #clients = new Map<string, string>();

  agree(scope: string): string {
    const code = `4/${randomBytes(24).toString('base64url')}`;
    this.#codes.set(code, scope);
    return code;
  }

  /** Redeems a code for its scope; a code can be redeemed once. */
  redeem(code: string): string | null {
    const scope = this.#codes.get(code) ?? null;
    this.#codes.delete(code);
    return scope;
  }

  grant(refreshToken: string, scope: string): void {
    this.#granted.set(refreshToken, scope);
  }

  /** One that was given out before this process began holds everything. */
  scopeOf(refreshToken: string): string {
    return this.#granted.get(refreshToken) ?? EVERYTHING;
  }

  /** What a request's token covers; null of a token that was not given out here, which covers everything. */
  scopesOf(request: Request): ReadonlySet<string> | null {
    const scope = this.#scopes.get(bearerOf(request));
    return scope === undefined ? null : new Set(scope.split(/\s+/u));
  }

  /** The id of a token's OAuth client, or of its service account; null of a token that was not given out here. */
  clientOf(request: Request): string | null {
    return this.#clients.get(bearerOf(request)) ?? null;
  }

  issue(
    holder: string,
    { subject, scope, client }: { subject?: string | undefined; scope?: string; client: string },
  ): string {
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    this.#holders.set(token, holder);
    if (subject) this.#subjects.set(token, subject);
    if (scope) this.#scopes.set(token, scope);
    this.#clients.set(token, client);
    return token;
  }

  revoke(token: string): void {
    this.#revoked.add(token);
    this.#revoked.add(this.#holders.get(token) ?? token);
  }

  isRevoked(token: string): boolean {
    return this.#revoked.has(token) || this.#revoked.has(this.#holders.get(token) ?? token);
  }

  /**
   * Whose account a request acts for. A token that is an address is that person's, and an assertion may name one as
   * `sub`; every other token is the owner's, as with domain-wide delegation. An API key is nobody's.
   */
  personOf(request: Request, owner: string): Person {
    const token = bearerOf(request);
    if (token === '') return isApiKey(request) ? null : owner;
    if (token.includes('@')) return token;
    return this.#subjects.get(token) ?? subjectOf(claimsOf(token)) ?? owner;
  }

  /** Whoever a request's token names; a token that says nothing is a user of its own. */
  holderOf(request: Request): string {
    const token = bearerOf(request);
    return this.#holders.get(token) ?? claimsOf(token)?.iss ?? token;
  }
}

function bearerOf(request: Request): string {
  return /^Bearer (\S+)$/iu.exec(request.get('authorization') ?? '')?.[1] ?? '';
}

const isApiKey = (request: Request) => typeof request.query.key === 'string';

interface Claims {
  iss?: string;
  /** In whose place a service account asks. */
  sub?: string;
  iat?: number;
  exp?: number;
}

/** A service account that signs its own token names itself. */
const subjectOf = (claims: Claims | null) => (claims?.sub === claims?.iss ? undefined : claims?.sub);

function claimsOf(token: string): Claims | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    return JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}

class Refused extends Error {
  readonly error: string;
  constructor(error: string, description: string) {
    super(description);
    this.error = error;
  }
}

/** Google's consent page, which agrees at once here, and its token endpoint, under the paths it has had. */
export function oauthRouter(tokens: Tokens): express.Router {
  const router = express.Router();
  router.get('/o/oauth2/v2/auth', (request, response) => {
    const [target, state, scope] = ['redirect_uri', 'state', 'scope'].map((name) => {
      const given = request.query[name];
      return typeof given === 'string' ? given : '';
    });
    const url = URL.parse(target ?? '');
    // An installed application may be answered on its own machine only.
    if (!url || !/^(?:127\.0\.0\.1|localhost|\[::1\])$/u.test(url.hostname))
      return void response.status(400).type('text').send('Error 400: redirect_uri_mismatch');
    url.searchParams.set('code', tokens.agree(scope ?? ''));
    if (state) url.searchParams.set('state', state);
    response.redirect(url.href);
  });
  const body = [express.urlencoded({ extended: false }), express.json()];
  router.post(
    ['/token', '/oauth2/v4/token', '/o/oauth2/token'],
    body,
    (request: Request, response: Response) => {
      try {
        response.json(grant(tokens, request.body ?? {}));
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        response.status(400).json({ error: error.error, error_description: error.message });
      }
    },
  );
  router.post(['/revoke', '/o/oauth2/revoke'], body, (request: Request, response: Response) => {
    const token: unknown = request.body?.token ?? request.query.token;
    if (typeof token !== 'string' || token === '')
      return void response.status(400).json({ error: 'invalid_request' });
    tokens.revoke(token);
    response.json({});
  });
  return router;
}

function grant(tokens: Tokens, body: Record<string, string>) {
  const bearer = (
    holder: string,
    { subject, ...more }: { scope?: string; refresh_token?: string; subject?: string | undefined } = {},
  ) => ({
    access_token: tokens.issue(holder, { subject, client: body.client_id ?? holder, ...more }),
    expires_in: LONGEST - 1,
    ...more,
    token_type: 'Bearer',
  });
  const need = (name: string): string => {
    const value = body[name];
    if (!value) throw new Refused('invalid_request', `Missing required parameter: ${name}`);
    return value;
  };
  const type = need('grant_type');
  if (type === JWT_BEARER) {
    const claims = claimsOf(need('assertion'));
    if (!claims?.iss) throw new Refused('invalid_grant', 'Bad Request');
    if (!(Number(claims.exp) - Number(claims.iat) <= LONGEST))
      throw new Refused(
        'invalid_grant',
        'Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and exp values in the JWT claim.',
      );
    return bearer(claims.iss, { subject: subjectOf(claims) });
  }
  if (type === 'refresh_token') {
    const token = need('refresh_token');
    if (tokens.isRevoked(token)) throw new Refused('invalid_grant', 'Token has been expired or revoked.');
    return bearer(token, { scope: body.scope ?? tokens.scopeOf(token) });
  }
  if (type === 'authorization_code') {
    const scope = tokens.redeem(need('code'));
    if (scope === null) throw new Refused('invalid_grant', 'Malformed auth code.');
    const refreshToken = `1//${randomBytes(24).toString('base64url')}`;
    tokens.grant(refreshToken, scope);
    return bearer(refreshToken, { refresh_token: refreshToken, scope });
  }
  throw new Refused('unsupported_grant_type', `Invalid grant_type: ${type}`);
}

const EXPECTED =
  'Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.';
export const REALM = 'Bearer realm="https://accounts.google.com/"';

const API_KEY =
  'API keys are not supported by this API. Expected OAuth2 access token or other authentication credentials that assert a principal. See https://cloud.google.com/docs/authentication';

function unauthenticated(response: Response, reason: string, message: string): ApiError {
  response.set(
    'WWW-Authenticate',
    reason === 'ACCESS_TOKEN_EXPIRED' ? `${REALM}, error="invalid_token"` : REALM,
  );
  return new ApiError('UNAUTHENTICATED', message, [errorInfo(reason)]);
}

/** Refuses a request without a token, and one whose token was taken back. With an API key anybody may read. */
export function requireToken(
  tokens: Tokens,
  { open, hasAccount }: { open: boolean; hasAccount(address: string): boolean },
): RequestHandler {
  return (request, response, next) => {
    const token = bearerOf(request);
    if (token) {
      if (!tokens.isRevoked(token) && (!token.includes('@') || hasAccount(token))) return next();
      throw unauthenticated(
        response,
        'ACCESS_TOKEN_EXPIRED',
        `Request had invalid authentication credentials. ${EXPECTED}`,
      );
    }
    if (isApiKey(request)) {
      if (request.method === 'GET' && /^\/(?:v4|drive)\//u.test(request.path)) return next();
      throw unauthenticated(response, 'CREDENTIALS_MISSING', API_KEY);
    }
    if (open) return next();
    throw unauthenticated(
      response,
      'CREDENTIALS_MISSING',
      `Request is missing required authentication credential. ${EXPECTED}`,
    );
  };
}
