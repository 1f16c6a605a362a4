import { messageOf } from '../caught.ts';
import { randomBytes } from 'node:crypto';
import vm from 'node:vm';
import type { script_v1 } from 'googleapis/build/src/apis/script/v1.js';
import { invalid, notFound } from '../errors.ts';
import type { Emulator } from '../server.ts';
import { parseManifest } from './manifest.ts';

type ProjectFile = script_v1.Schema$File;
interface StoredProject {
  project: script_v1.Schema$Project & { scriptId: string };
  files: ProjectFile[];
}

/** Files of a project: those that were saved last, or of a version. */
export interface RunTarget {
  scriptId: string;
  files: readonly ProjectFile[];
}

const SCRIPT_TYPE = 'application/vnd.google-apps.script';
const MANIFEST = 'appsscript';

/**
 * Keeps Apps Script projects in the shapes of the Apps Script API. One that is bound to a document does not show in
 * Drive.
 */
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
    if (!stored || !this.exists(scriptId)) throw notFound();
    return stored;
  }

  /** A bound script goes with its document. */
  exists(scriptId: string): boolean {
    const stored = this.#projects.get(scriptId);
    return stored !== undefined && this.#emulator.drive.has(stored.project.parentId ?? scriptId);
  }

  /** Ids of the projects that are bound to a document, the oldest first. */
  boundTo(parentId: string): string[] {
    return [...this.#projects.values()].flatMap(({ project }) =>
      project.parentId === parentId ? [project.scriptId] : [],
    );
  }

  ids(): string[] {
    return [...this.#projects.keys()];
  }

  /** The project with the files that were saved last, to be run. */
  target(scriptId: string): RunTarget {
    return { scriptId, files: this.#stored(scriptId).files };
  }

  create({ title, parentId }: script_v1.Schema$CreateProjectRequest): script_v1.Schema$Project {
    if (parentId && !this.#emulator.drive.has(parentId)) throw notFound();
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
    if (!parentId) this.#emulator.drive.add({ id: scriptId, name, mimeType: SCRIPT_TYPE });
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
    parseManifest(manifest.source ?? '');
    for (const file of files) checkSource(file);
    const now = this.#emulator.clock.now().toISOString();
    this.#save({
      project: { ...project, updateTime: now },
      files: files.map((file) => ({ ...file, createTime: now, updateTime: now })),
    });
    if (!project.parentId) this.#emulator.drive.touch(scriptId);
    return this.content(scriptId);
  }
}

function checkSource({ name, type, source }: ProjectFile) {
  try {
    if (type === 'SERVER_JS') void new vm.Script(source ?? '');
  } catch (error) {
    throw invalid(`Syntax error: ${messageOf(error)} file: ${name}`);
  }
}
