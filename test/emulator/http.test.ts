import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGoogle, type OpenGoogle } from './open-google.ts';

let google: OpenGoogle;
beforeEach(async () => {
  google = await openGoogle();
});
afterEach(() => google.close());

const BAD_REQUEST = 'type.googleapis.com/google.rpc.BadRequest';

describe('an answer', () => {
  it('is JSON set out by two spaces, or compact where that is asked for', async () => {
    const pretty = await google.ask('GET', '/drive/v3/changes/startPageToken');
    expect(pretty.headers.get('content-type')).toBe('application/json; charset=UTF-8');
    expect(pretty.headers.get('date')).toMatch(/GMT$/u);
    expect(pretty.text).toBe(`${JSON.stringify(pretty.body, null, 2)}\n`);
    const compact = await google.ask('GET', '/drive/v3/changes/startPageToken?prettyPrint=false&alt=json');
    expect(compact.text).toBe(JSON.stringify(pretty.body));
  });

  it('is gzipped for whoever takes it, once it is longer than a packet', async () => {
    const { body } = await google.ask('POST', '/v1/forms', { info: { title: 'x'.repeat(3000) } });
    const answer = await google.ask('GET', `/v1/forms/${body.formId}`, undefined, {
      'accept-encoding': 'gzip',
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.body).toEqual(body);
    const plain = await google.ask('GET', `/v1/forms/${body.formId}`, undefined, {
      'accept-encoding': 'identity',
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
  });

  it('has the fields that are asked for, and refuses others by their path', async () => {
    const { body } = await google.ask('POST', '/v1/forms?fields=formId,info(title)', {
      info: { title: 'x' },
    });
    expect(body).toEqual({ formId: expect.any(String), info: { title: 'x' } });
    const get = (fields: string) => google.ask('GET', `/v1/forms/${body.formId}?${fields}`);
    expect((await get('$fields=info/title')).body).toEqual({ info: { title: 'x' } });
    expect((await get('fields=info(title,nosuch)')).body.error).toEqual({
      code: 400,
      message: 'Request contains an invalid argument.',
      status: 'INVALID_ARGUMENT',
      details: [
        {
          '@type': BAD_REQUEST,
          fieldViolations: [
            {
              field: 'info.nosuch',
              description:
                "Error expanding 'fields' parameter. Cannot find matching fields for path 'info.nosuch'.",
            },
          ],
        },
      ],
    });
  });
});

describe('a request', () => {
  it('may name another verb in a header', async () => {
    const { body } = await google.ask('POST', '/drive/v3/files', { name: '原' });
    const patch = { 'x-http-method-override': 'PATCH' };
    expect((await google.ask('POST', `/drive/v3/files/${body.id}`, { name: '改' }, patch)).body.name).toBe(
      '改',
    );
    const remove = { 'x-http-method-override': 'DELETE' };
    expect((await google.ask('POST', `/drive/v3/files/${body.id}`, undefined, remove)).status).toBe(204);
  });

  it('may bear the parameters that every method has, and no others', async () => {
    const known = await google.ask(
      'POST',
      '/v1/forms?key=k&quotaUser=q&$.xgafv=2&prettyPrint=true',
      { info: { title: 'x' } },
      { authorization: 'Bearer any' },
    );
    expect(known.status).toBe(200);
    const { body } = await google.ask('GET', `/v1/forms/${known.body.formId}?nosuch=1`);
    const description =
      'Invalid JSON payload received. Unknown name "nosuch": Cannot bind query parameter. Field \'nosuch\' could not be found in request message.';
    expect(body.error).toEqual({
      code: 400,
      message: description,
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': BAD_REQUEST, fieldViolations: [{ description }] }],
    });
    const wrong = await google.ask('GET', `/v1/forms/${known.body.formId}/responses?pageSize=many`);
    expect(wrong.body.error.message).toBe(`Invalid value at 'page_size' (TYPE_INT32), "many"`);
  });

  it.each([
    [
      '{"info": {"title": "x"}',
      'Unexpected end of string. Expected , or } after key:value pair.\nnfo": {"title": "x"}\n                    ^',
    ],
    ['{"info" 1}', 'Expected : between key:value pair.\n{"info" 1}\n        ^'],
    ['info=x', 'Unexpected token.\ninfo=x\n^'],
    ['<html>', 'Expected a value.\n<html>\n^'],
    ['{"info": "x', 'Closing quote expected in string.\n{"info": "x\n         ^'],
    ['{"items": [1 2]}', 'Expected , or ] after array value.\n{"items": [1 2]}\n             ^'],
    ['{"info": {}, 5: 1}', 'Expected an object key or }.\n{"info": {}, 5: 1}\n             ^'],
  ])('of %s is told where it is no JSON', async (text, sentence) => {
    const { status, body } = await google.ask('POST', '/v1/forms', text);
    const description = `Invalid JSON payload received. ${sentence}`;
    expect(status).toBe(400);
    expect(body.error).toEqual({
      code: 400,
      message: description,
      status: 'INVALID_ARGUMENT',
      details: [{ '@type': BAD_REQUEST, fieldViolations: [{ description }] }],
    });
  });

  it('may write JSON as loosely as Google reads it', async () => {
    const { body } = await google.ask('POST', '/v1/forms', `{info: {'title': 'it\\'s "x"',},}`);
    expect(body.info.title).toBe('it\'s "x"');
  });

  it('that is no message, or sent as a form, is told so', async () => {
    expect((await google.ask('POST', '/v1/forms', '[1]')).body.error.message).toBe(
      'Invalid JSON payload received. Unknown name "": Root element must be a message.',
    );
    const form = await google.ask('POST', '/v1/forms', 'info=x', {
      'content-type': 'application/x-www-form-urlencoded',
    });
    expect(form.body.error.message).toBe(
      'Invalid JSON payload received. Unknown name "info": Cannot bind query parameter. \'info\' is a message type. Parameters can only be bound to primitive types.',
    );
  });

  it('to Drive is answered in Drive words', async () => {
    expect((await google.ask('POST', '/drive/v3/files', '{"a"')).body.error).toEqual({
      code: 400,
      message: 'Parse Error',
      errors: [{ message: 'Parse Error', domain: 'global', reason: 'parseError' }],
    });
    // Unlike the newer services it passes over what it does not know.
    expect((await google.ask('POST', '/drive/v3/files?nosuch=1', { nosuch: 1 })).status).toBe(200);
  });
});

describe('a path', () => {
  it.each([
    ['GET', '/v4/nosuch'],
    ['GET', '/v1/forms/x/nosuch'],
    ['DELETE', '/v4/spreadsheets/x'],
    ['GET', '/drive/v3/<script>'],
    ['GET', '/'],
  ])('%s %s that Google does not have is answered by its page', async (verb, path) => {
    const answer = await google.ask(verb, path);
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    expect(answer.text).toContain('<title>Error 404 (Not Found)!!1</title>');
    expect(answer.text).not.toContain('<script>');
  });

  it.each([
    ['POST', '/batch'],
    ['POST', '/drive/v3/files/x/watch'],
    ['POST', '/upload/drive/v3/files'],
  ])('%s %s that the emulator does not have answers 501', async (verb, path) => {
    const { status, body } = await google.ask(verb, path);
    expect(status).toBe(501);
    expect(body.error).toMatchObject({ code: 501, status: 'UNIMPLEMENTED' });
  });
});

describe('a batch', () => {
  const send = (parts: string[], type = 'multipart/mixed; boundary="==b=="') =>
    google.ask(
      'POST',
      '/batch/drive/v3',
      `${parts.map((part) => `--==b==\r\n${part}\r\n`).join('')}--==b==--`,
      {
        'content-type': type,
      },
    );
  const part = (id: string, request: string, body = '') =>
    `Content-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${request} HTTP/1.1\r\ncontent-type: application/json\r\n\r\n${body}`;

  it('answers each of its requests by itself, in order', async () => {
    const { headers, text } = await send([
      part('a + 1', 'POST /drive/v3/files?fields=name', '{"name": "批次"}'),
      part('a + 2', 'GET https://www.googleapis.com/drive/v3/files/nosuch'),
    ]);
    const boundary = /^multipart\/mixed; boundary=(batch_\S+)$/u.exec(headers.get('content-type') ?? '')?.[1];
    const [, first, second, end] = text.split(`--${boundary}`);
    expect(first).toMatch(/Content-ID: <response-a \+ 1>[\s\S]+HTTP\/1\.1 200 OK[\s\S]+"name": "批次"/u);
    expect(second).toMatch(
      /Content-ID: <response-a \+ 2>[\s\S]+HTTP\/1\.1 404 [\s\S]+File not found: nosuch\./u,
    );
    expect(end?.trim()).toBe('--');
  });

  it('is refused where it is none, or too large', async () => {
    expect((await send([], 'application/json')).body.error.message).toBe('Failed to parse batch request.');
    expect((await send([part('x', 'GET /v4/spreadsheets/x')])).status).toBe(400);
    const many = Array.from({ length: 101 }, (_, index) => part(String(index), 'GET /drive/v3/drives'));
    expect((await send(many)).body.error.message).toBe('The batch request exceeds the limit of 100 calls.');
  });
});

describe('OAuth', () => {
  const token = (body: Record<string, string>) =>
    google.ask('POST', '/token', new URLSearchParams(body).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
    });
  const jwt = (claims: object) =>
    ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'x'].join('.');
  const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer';

  it('gives tokens for an assertion and for a refresh token', async () => {
    const body = {
      access_token: expect.stringMatching(/^ya29\./u),
      expires_in: 3599,
      token_type: 'Bearer',
    };
    const claims = { iss: 'robot@budeng.invalid', iat: 0, exp: 3600 };
    expect((await token({ grant_type: bearer, assertion: jwt(claims) })).body).toEqual(body);
    expect((await token({ grant_type: 'refresh_token', refresh_token: 'r' })).body).toEqual({
      ...body,
      scope: expect.stringContaining('/auth/drive'),
    });
  });

  it.each([
    [{ grant_type: bearer, assertion: 'nonsense' }, 'invalid_grant', 'Bad Request'],
    [
      { grant_type: bearer, assertion: jwt({ iss: 'a', iat: 0, exp: 9999 }) },
      'invalid_grant',
      expect.stringContaining('Token must be a short-lived token'),
    ],
    [{ grant_type: 'authorization_code', code: 'x' }, 'invalid_grant', 'Malformed auth code.'],
    [{ grant_type: 'nosuch' }, 'unsupported_grant_type', 'Invalid grant_type: nosuch'],
    [{}, 'invalid_request', 'Missing required parameter: grant_type'],
    [{ grant_type: 'refresh_token' }, 'invalid_request', 'Missing required parameter: refresh_token'],
  ] as [Record<string, string>, string, unknown][])('refuses %j', async (body, error, description) => {
    const answer = await token(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error, error_description: description });
  });

  it('refuses what a consent does not cover, in the words of each service', async () => {
    const scope = 'https://www.googleapis.com/auth/';
    const tokenWith = async (names: string[]) => {
      const query = new URLSearchParams({
        redirect_uri: 'http://127.0.0.1:9/',
        scope: names.map((name) => `${scope}${name}`).join(' '),
      });
      const consent = await fetch(`${google.emulator.url}/o/oauth2/v2/auth?${query}`, { redirect: 'manual' });
      const code = new URL(consent.headers.get('location') ?? '').searchParams.get('code') ?? '';
      return (await token({ grant_type: 'authorization_code', code })).body.access_token as string;
    };
    const ask = async (verb: string, path: string, names: string[]) => {
      const authorization = `Bearer ${await tokenWith(names)}`;
      return google.ask(verb, path, verb === 'GET' ? undefined : {}, { authorization });
    };
    expect((await ask('POST', '/v4/spreadsheets', ['drive.file'])).status).toBe(200);
    expect((await ask('GET', '/drive/v3/files', ['drive.metadata.readonly'])).status).toBe(200);
    const refused = await ask('POST', '/v4/spreadsheets', ['drive.readonly', 'forms.body']);
    expect(refused.body.error).toMatchObject({
      code: 403,
      message: 'Request had insufficient authentication scopes.',
      status: 'PERMISSION_DENIED',
      details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }],
    });
    const drive = await ask('POST', '/drive/v3/files', ['drive.readonly']);
    expect(drive.body.error).toMatchObject({
      code: 403,
      errors: [{ reason: 'insufficientPermissions' }],
    });
    expect((await ask('GET', '/v1/forms/none', ['spreadsheets'])).status).toBe(403);
  });

  it('wants a token that was not taken back', async () => {
    const closed = await openGoogle({ auth: 'service-account' });
    try {
      const refresh = { grant_type: 'refresh_token', refresh_token: 'r' };
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const form = (body: Record<string, string>) => new URLSearchParams(body).toString();
      const granted = await closed.ask('POST', '/oauth2/v4/token', form(refresh), headers);
      const { access_token: access } = granted.body as { access_token: string };
      const ask = (path: string, authorization?: string) =>
        closed.ask('GET', path, undefined, authorization ? { authorization } : {});
      const missing = await ask('/v1/forms/x');
      expect(missing.status).toBe(401);
      expect(missing.headers.get('www-authenticate')).toBe('Bearer realm="https://accounts.google.com/"');
      expect(missing.body.error).toMatchObject({
        code: 401,
        status: 'UNAUTHENTICATED',
        message: expect.stringContaining('missing required authentication credential'),
        details: [{ reason: 'CREDENTIALS_MISSING', domain: 'googleapis.com' }],
      });
      expect((await ask('/drive/v3/files', `Bearer ${access}`)).status).toBe(200);
      await closed.ask('POST', '/revoke', form({ token: 'r' }), headers);
      const revoked = await ask('/drive/v3/files', `Bearer ${access}`);
      expect(revoked.headers.get('www-authenticate')).toContain('error="invalid_token"');
      expect(revoked.body.error).toMatchObject({
        code: 401,
        errors: [{ message: 'Invalid Credentials', reason: 'authError', location: 'Authorization' }],
      });
      const again = await closed.ask('POST', '/token', form(refresh), headers);
      expect(again.body).toEqual({
        error: 'invalid_grant',
        error_description: 'Token has been expired or revoked.',
      });
    } finally {
      await closed.close();
    }
  });
});
