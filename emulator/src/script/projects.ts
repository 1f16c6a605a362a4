import { messageOf } from '../caught.ts';
import { randomBytes } from 'node:crypto';
import vm from 'node:vm';
import type { script_v1 } from 'googleapis/build/src/apis/script/v1.js';
import { invalid, notFound } from '../errors.ts';
import type { Emulator } from '../server.ts';

type ProjectFile = script_v1.Schema$File;
interface StoredProject {
  project: script_v1.Schema$Project & { scriptId: string };
  files: ProjectFile[];
}

const SCRIPT_TYPE = 'application/vnd.google-apps.script';
const MANIFEST = 'appsscript';

/** Apps Script projects in the shapes of the Apps Script API, so far as an installer needs them. */
export class ScriptProjects {
  readonly #projects = new Map<string, StoredProject>();
  readonly #emulator: Emulator;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    emulator.journal.register('script.project', (stored: StoredProject) => this.#put(stored));
  }

  #put(stored: StoredProject) {
    this.#projects.set(stored.project.scriptId, stored);
  }

  #save(stored: StoredProject): StoredProject {
    this.#put(stored);
    this.#emulator.journal.append('script.project', stored);
    return stored;
  }

  #stored(scriptId: string): StoredProject {
    const stored = this.#projects.get(scriptId);
    if (!stored) throw notFound();
    return stored;
  }

  create({ title, parentId }: script_v1.Schema$CreateProjectRequest): script_v1.Schema$Project {
    const now = this.#emulator.clock.now().toISOString();
    const scriptId = randomBytes(42).toString('base64url');
    const name = title || 'Untitled project';
    const { project } = this.#save({
      project: { scriptId, title: name, ...(parentId ? { parentId } : {}), createTime: now, updateTime: now },
      files: [
        {
          name: MANIFEST,
          type: 'JSON',
          source: JSON.stringify({
            timeZone: 'Etc/GMT',
            exceptionLogging: 'STACKDRIVER',
            runtimeVersion: 'V8',
          }),
          createTime: now,
          updateTime: now,
        },
      ],
    });
    this.#emulator.drive.add({ id: scriptId, name, mimeType: SCRIPT_TYPE });
    return project;
  }

  get(scriptId: string): script_v1.Schema$Project {
    return this.#stored(scriptId).project;
  }

  content(scriptId: string): script_v1.Schema$Content {
    return { scriptId, files: this.#stored(scriptId).files };
  }

  /** Replaces all files; what cannot be compiled is refused, as Google does. */
  updateContent(scriptId: string, { files = [] }: script_v1.Schema$Content): script_v1.Schema$Content {
    const { project } = this.#stored(scriptId);
    const manifest = files.find(({ name, type }) => name === MANIFEST && type === 'JSON');
    if (!manifest) throw invalid(`Project contents must include a manifest file named ${MANIFEST}.`);
    if (new Set(files.map(({ name }) => name)).size < files.length)
      throw invalid('A file with this name already exists in the current project.');
    for (const file of files) checkSource(file);
    const now = this.#emulator.clock.now().toISOString();
    this.#save({
      project: { ...project, updateTime: now },
      files: files.map((file) => ({ ...file, createTime: now, updateTime: now })),
    });
    this.#emulator.drive.touch(scriptId);
    return this.content(scriptId);
  }
}

function checkSource({ name, type, source }: ProjectFile) {
  try {
    if (type === 'JSON') JSON.parse(source ?? '');
    else if (type === 'SERVER_JS') void new vm.Script(source ?? '');
  } catch (error) {
    throw invalid(`Syntax error: ${messageOf(error)} file: ${name}`);
  }
}

/** Is the plugin for the Apps Script API's projects. */
export function projectsPlugin(emulator: Emulator): ScriptProjects {
  const projects = new ScriptProjects(emulator);
  const { app } = emulator;
  app.post('/v1/projects', (request, response) => void response.json(projects.create(request.body)));
  app.get('/v1/projects/:id', (request, response) => void response.json(projects.get(request.params.id)));
  app.get('/v1/projects/:id/content', (request, response) => {
    response.json(projects.content(request.params.id));
  });
  app.put('/v1/projects/:id/content', (request, response) => {
    response.json(projects.updateContent(request.params.id, request.body));
  });
  return projects;
}
