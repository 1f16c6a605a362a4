import { script } from 'googleapis/build/src/apis/script/index.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { APIS } from '../../emulator/src/discovery/api.ts';
import { formsPlugin } from '../../emulator/src/forms/plugin.ts';
import type { ScriptHost } from '../../emulator/src/script/host.ts';
import { scriptPlugin } from '../../emulator/src/script/plugin.ts';
import { errorOf, type OpenGoogle, openGoogle } from './open-google.ts';

let google: OpenGoogle;
let host: ScriptHost;
const api = () => script({ version: 'v1', rootUrl: `${google.emulator.url}/`, retry: false });

beforeEach(async () => {
  google = await openGoogle({
    plugins: [
      (opened) => {
        host = scriptPlugin(opened, formsPlugin(opened));
      },
    ],
  });
});
afterEach(async () => {
  await host.close();
  await google.close();
});

const CODE = `
  function add(a, b) { return a + b; }
  function fail() { throw new Error('壞了'); }
  function none() {}
  function doGet(e) { return HtmlService.createHtmlOutput('<p>' + e.parameter.name + '</p>'); }
  function doPost(e) {
    const answer = { got: JSON.parse(e.postData.contents), type: e.postData.type, list: e.parameters.x };
    return ContentService.createTextOutput(JSON.stringify(answer)).setMimeType(ContentService.MimeType.JSON);
  }`;

/** A project as an installer makes it. */
async function project(manifest: object = {}, code = CODE): Promise<string> {
  const { data } = await api().projects.create({ requestBody: { title: '專案' } });
  const scriptId = data.scriptId ?? '';
  await push(scriptId, manifest, code);
  return scriptId;
}

const push = (scriptId: string, manifest: object, code: string) =>
  api().projects.updateContent({
    scriptId,
    requestBody: {
      files: [
        {
          name: 'appsscript',
          type: 'JSON',
          source: JSON.stringify({ timeZone: 'Asia/Taipei', runtimeVersion: 'V8', ...manifest }),
        },
        { name: 'Code', type: 'SERVER_JS', source: code },
      ],
    },
  });

const EXECUTABLE = { executionApi: { access: 'MYSELF' } };
const WEB_APP = { webapp: { access: 'ANYONE_ANONYMOUS', executeAs: 'USER_DEPLOYING' } };

describe('the Apps Script API', () => {
  it('answers each method of its discovery document as Google does or with 501, never with a page', async () => {
    for (const { id, verb, path } of APIS.script.methods) {
      const answer = await google.ask(
        verb,
        path.replaceAll(/\{\w+\}/gu, 'nosuch'),
        verb === 'GET' || verb === 'DELETE' ? undefined : {},
      );
      expect([id, answer.headers.get('content-type')]).toEqual([id, 'application/json; charset=UTF-8']);
      expect([id, answer.status]).toEqual([
        id,
        UNDONE.has(id) ? 501 : id === 'script.projects.create' ? 200 : 404,
      ]);
    }
    expect(APIS.script.methods).toHaveLength(16);
  });

  it('is refused with the link to switch it on where the account has it off', async () => {
    host.apiEnabled = false;
    try {
      expect(await errorOf(api().projects.create({ requestBody: { title: 'x' } }))).toMatchObject({
        code: 403,
        status: 'PERMISSION_DENIED',
        message: expect.stringContaining(
          'User has not enabled the Apps Script API. Enable it by visiting https://script.google.com/home/usersettings',
        ),
      });
      expect((await google.ask('GET', '/v1/forms/nosuch')).status).toBe(404);
    } finally {
      host.apiEnabled = true;
    }
  });
});

const UNDONE = new Set([
  'script.processes.list',
  'script.processes.listScriptProcesses',
  'script.projects.getMetrics',
]);

describe('versions', () => {
  it('keep the files as they were, and are numbered from 1', async () => {
    const scriptId = await project();
    const { data: first } = await api().projects.versions.create({
      scriptId,
      requestBody: { description: '第一版' },
    });
    expect(first).toMatchObject({ scriptId, versionNumber: 1, description: '第一版' });
    await push(scriptId, {}, 'function changed() {}');
    await api().projects.versions.create({ scriptId, requestBody: {} });
    const { data } = await api().projects.versions.list({ scriptId });
    expect(data.versions?.map(({ versionNumber }) => versionNumber)).toEqual([2, 1]);
    expect((await api().projects.versions.get({ scriptId, versionNumber: 1 })).data).toEqual(first);
    const sourceOf = async (versionNumber?: number) => {
      const { data: content } = await api().projects.getContent({
        scriptId,
        ...(versionNumber ? { versionNumber } : {}),
      });
      return content.files?.find(({ name }) => name === 'Code')?.source;
    };
    expect(await sourceOf(1)).toBe(CODE);
    expect(await sourceOf()).toBe('function changed() {}');
    expect(await errorOf(api().projects.versions.get({ scriptId, versionNumber: 9 }))).toMatchObject({
      code: 404,
    });
    const { data: page } = await api().projects.versions.list({ scriptId, pageSize: 1 });
    expect([page.versions?.length, page.nextPageToken]).toEqual([1, '1']);
  });
});

describe('deployments', () => {
  it('are of a version, beside the one of what was saved last, which stays as it is', async () => {
    const scriptId = await project(WEB_APP);
    await api().projects.versions.create({ scriptId, requestBody: {} });
    const { data: made } = await api().projects.deployments.create({
      scriptId,
      requestBody: { versionNumber: 1, description: '上線' },
    });
    expect(made).toMatchObject({
      deploymentConfig: { scriptId, versionNumber: 1, description: '上線', manifestFileName: 'appsscript' },
      entryPoints: [
        {
          entryPointType: 'WEB_APP',
          webApp: {
            entryPointConfig: { access: 'ANYONE_ANONYMOUS', executeAs: 'USER_DEPLOYING' },
            url: `https://script.google.com/macros/s/${made.deploymentId}/exec`,
          },
        },
      ],
    });
    const list = async () => (await api().projects.deployments.list({ scriptId })).data.deployments ?? [];
    const [head, own] = await list();
    expect(own).toEqual(made);
    expect(head?.deploymentConfig?.versionNumber).toBeUndefined();
    const one = { scriptId, deploymentId: made.deploymentId ?? '' };
    expect((await api().projects.deployments.get(one)).data).toEqual(made);
    const headOne = { scriptId, deploymentId: head?.deploymentId ?? '' };
    expect(await errorOf(api().projects.deployments.delete(headOne))).toMatchObject({
      code: 400,
      message: 'Read-only deployments may not be deleted.',
    });
    expect(
      await errorOf(api().projects.deployments.create({ scriptId, requestBody: { versionNumber: 7 } })),
    ).toMatchObject({ code: 404 });
    await api().projects.versions.create({ scriptId, requestBody: {} });
    const { data: updated } = await api().projects.deployments.update({
      ...one,
      requestBody: { deploymentConfig: { versionNumber: 2 } },
    });
    expect([updated.deploymentId, updated.deploymentConfig?.versionNumber]).toEqual([made.deploymentId, 2]);
    await api().projects.deployments.delete(one);
    expect(await list()).toEqual([head]);
  });

  it('make a web app, which runs the deployed version', async () => {
    const scriptId = await project(WEB_APP);
    await api().projects.versions.create({ scriptId, requestBody: {} });
    const { data } = await api().projects.deployments.create({ scriptId, requestBody: { versionNumber: 1 } });
    await push(scriptId, WEB_APP, "function doGet() { return HtmlService.createHtmlOutput('new'); }");
    const path = `/macros/s/${data.deploymentId}/exec`;
    expect((await google.ask('GET', `${path}?name=王`)).text).toBe('<p>王</p>');
    const posted = await google.ask('POST', `${path}?x=1&x=2`, { a: 1 });
    expect([posted.headers.get('content-type'), posted.body]).toEqual([
      'application/json; charset=utf-8',
      { got: { a: 1 }, type: 'application/json', list: ['1', '2'] },
    ]);
    const [head] = (await api().projects.deployments.list({ scriptId })).data.deployments ?? [];
    expect((await google.ask('GET', `/macros/s/${head?.deploymentId}/dev`)).text).toBe('new');
    expect((await google.ask('GET', '/macros/s/nosuch/exec')).status).toBe(404);
    await push(scriptId, WEB_APP, 'function doGet() { return 1; }');
    expect((await google.ask('GET', `/macros/s/${head?.deploymentId}/dev`)).text).toContain(
      'The script completed but the returned value is not a supported return type.',
    );
  });
});

describe('scripts.run', () => {
  const run = async (scriptId: string, name: string, more: object = {}) =>
    (await api().scripts.run({ scriptId, requestBody: { function: name, devMode: true, ...more } })).data;

  it('answers what the function gives back, and its error as an answer too', async () => {
    const scriptId = await project(EXECUTABLE);
    expect(await run(scriptId, 'add', { parameters: [1, 2] })).toEqual({
      done: true,
      response: {
        '@type': 'type.googleapis.com/google.apps.script.v1.ExecutionResponse',
        result: 3,
      },
    });
    expect((await run(scriptId, 'none')).response).toEqual({
      '@type': 'type.googleapis.com/google.apps.script.v1.ExecutionResponse',
    });
    expect(await run(scriptId, 'fail')).toEqual({
      done: true,
      error: {
        code: 3,
        message: 'ScriptError',
        details: [
          {
            '@type': 'type.googleapis.com/google.apps.script.v1.ExecutionError',
            errorType: 'Error',
            errorMessage: 'Error: 壞了',
          },
        ],
      },
    });
    expect((await run(scriptId, 'nosuch')).error?.details?.[0]?.errorMessage).toBe(
      'Script function not found: nosuch',
    );
  });

  it('wants an API executable, and without devMode one that is deployed', async () => {
    const plain = await project();
    expect(await errorOf(run(plain, 'add'))).toMatchObject({ code: 404 });
    const scriptId = await project(EXECUTABLE);
    expect(await errorOf(run(scriptId, 'add', { devMode: false }))).toMatchObject({ code: 404 });
    await api().projects.versions.create({ scriptId, requestBody: {} });
    const { data } = await api().projects.deployments.create({ scriptId, requestBody: { versionNumber: 1 } });
    await push(scriptId, EXECUTABLE, "function add() { return 'new'; }");
    const ask = { devMode: false, parameters: [3, 4] };
    expect((await run(scriptId, 'add', ask)).response?.result).toBe(7);
    expect((await run(data.deploymentId ?? '', 'add', ask)).response?.result).toBe(7);
    expect((await run(scriptId, 'add')).response?.result).toBe('new');
  });
});
