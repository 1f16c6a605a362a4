import { createHash, randomBytes } from 'node:crypto';
import type { script_v1 } from 'googleapis/build/src/apis/script/v1.js';
import { invalid, notFound } from '../errors.ts';
import type { Emulator } from '../server.ts';
import { type Manifest, manifestIn } from './manifest.ts';
import type { RunTarget, ScriptProjects } from './projects.ts';

type Version = script_v1.Schema$Version & { scriptId: string; versionNumber: number };
interface StoredVersion {
  version: Version;
  files: script_v1.Schema$File[];
}
type Deployment = script_v1.Schema$Deployment & { deploymentId: string };
interface StoredDeployment {
  scriptId: string;
  deployment: Deployment;
}

const VERSION = 'script.version';
const DEPLOYMENT = 'script.deployment';
const NO_DEPLOYMENT = 'script.deployment.delete';
const PAGE = 50;

/** Numbered versions of projects, and what is deployed of them, in the shapes of the Apps Script API. */
export class Deployments {
  readonly #emulator: Emulator;
  readonly #projects: ScriptProjects;
  readonly #versions = new Map<string, StoredVersion[]>();
  readonly #deployments = new Map<string, StoredDeployment>();

  constructor(emulator: Emulator, projects: ScriptProjects) {
    this.#emulator = emulator;
    this.#projects = projects;
    const { journal } = emulator;
    journal.register(VERSION, (stored: StoredVersion) => this.#putVersion(stored));
    journal.register(DEPLOYMENT, (stored: StoredDeployment) => this.#putDeployment(stored));
    journal.register(NO_DEPLOYMENT, ({ id }: { id: string }) => void this.#deployments.delete(id));
  }

  #putVersion(stored: StoredVersion) {
    const { scriptId } = stored.version;
    this.#versions.set(scriptId, [...(this.#versions.get(scriptId) ?? []), stored]);
  }

  #putDeployment(stored: StoredDeployment) {
    this.#deployments.set(stored.deployment.deploymentId, stored);
  }

  #now(): string {
    return this.#emulator.clock.now().toISOString();
  }

  createVersion(scriptId: string, { description }: script_v1.Schema$Version): Version {
    const { files = [] } = this.#projects.content(scriptId);
    const versionNumber = (this.#versions.get(scriptId)?.length ?? 0) + 1;
    const stored: StoredVersion = {
      version: {
        scriptId,
        versionNumber,
        ...(description ? { description } : {}),
        createTime: this.#now(),
      },
      files,
    };
    this.#putVersion(stored);
    this.#emulator.journal.append(VERSION, stored);
    return stored.version;
  }

  #version(scriptId: string, versionNumber: number): StoredVersion {
    this.#projects.get(scriptId);
    const found = this.#versions.get(scriptId)?.[versionNumber - 1];
    if (!found) throw notFound();
    return found;
  }

  version(scriptId: string, versionNumber: number): Version {
    return this.#version(scriptId, versionNumber).version;
  }

  /** The files of a version; those that were saved last without one. */
  files(scriptId: string, versionNumber?: number | null): script_v1.Schema$File[] {
    if (versionNumber) return this.#version(scriptId, versionNumber).files;
    return this.#projects.content(scriptId).files ?? [];
  }

  /** The newest first. */
  versions(scriptId: string, page: Page): script_v1.Schema$ListVersionsResponse {
    this.#projects.get(scriptId);
    const all = (this.#versions.get(scriptId) ?? []).map(({ version }) => version).toReversed();
    const { items, nextPageToken } = pageOf(all, page);
    return { ...(items.length > 0 ? { versions: items } : {}), ...nextPageToken };
  }

  createDeployment(scriptId: string, config: script_v1.Schema$DeploymentConfig): Deployment {
    this.#projects.get(scriptId);
    return this.#save(scriptId, `AKfycb${randomBytes(51).toString('base64url')}`, config);
  }

  updateDeployment(
    scriptId: string,
    deploymentId: string,
    { deploymentConfig = {} }: script_v1.Schema$UpdateDeploymentRequest,
  ): Deployment {
    this.#own(scriptId, deploymentId, 'modified');
    return this.#save(scriptId, deploymentId, deploymentConfig);
  }

  deleteDeployment(scriptId: string, deploymentId: string): object {
    this.#own(scriptId, deploymentId, 'deleted');
    this.#deployments.delete(deploymentId);
    this.#emulator.journal.append(NO_DEPLOYMENT, { id: deploymentId });
    return {};
  }

  deployment(scriptId: string, deploymentId: string): Deployment {
    const found = this.#all(scriptId).find((each) => each.deploymentId === deploymentId);
    if (!found) throw notFound();
    return found;
  }

  deployments(scriptId: string, page: Page): script_v1.Schema$ListDeploymentsResponse {
    const { items, nextPageToken } = pageOf(this.#all(scriptId), page);
    return { deployments: items, ...nextPageToken };
  }

  /** The project and files behind a deployment's id, wherever it is called; null where there is none. */
  find(deploymentId: string): (RunTarget & { manifest: Manifest }) | null {
    const stored = this.#deployments.get(deploymentId);
    const scriptId = stored?.scriptId ?? this.#projects.ids().find((id) => headId(id) === deploymentId);
    if (scriptId === undefined) return null;
    const files = this.files(scriptId, stored?.deployment.deploymentConfig?.versionNumber);
    return { scriptId, files, manifest: manifestIn(files) };
  }

  /** The API executable that was deployed last; null where none is. */
  newestExecutable(scriptId: string): RunTarget | null {
    for (const deployment of this.#deployed(scriptId).toReversed()) {
      const files = this.files(scriptId, deployment.deploymentConfig?.versionNumber);
      if (manifestIn(files).executionApi) return { scriptId, files };
    }
    return null;
  }

  #all(scriptId: string): Deployment[] {
    this.#projects.get(scriptId);
    return [this.#head(scriptId), ...this.#deployed(scriptId)];
  }

  /** What its owner has deployed, the oldest first. */
  #deployed(scriptId: string): Deployment[] {
    return [...this.#deployments.values()].flatMap((each) =>
      each.scriptId === scriptId ? [each.deployment] : [],
    );
  }

  /** What was saved last is always deployed, for whoever may edit it. */
  #head(scriptId: string): Deployment {
    const { updateTime } = this.#projects.get(scriptId);
    return {
      deploymentId: headId(scriptId),
      deploymentConfig: { scriptId, manifestFileName: 'appsscript' },
      ...(updateTime ? { updateTime } : {}),
      ...entryPoints(headId(scriptId), manifestIn(this.files(scriptId)), 'dev'),
    };
  }

  #own(scriptId: string, deploymentId: string, what: string): void {
    this.deployment(scriptId, deploymentId);
    if (deploymentId === headId(scriptId)) throw invalid(`Read-only deployments may not be ${what}.`);
  }

  #save(
    scriptId: string,
    deploymentId: string,
    { versionNumber, description }: script_v1.Schema$DeploymentConfig,
  ): Deployment {
    if (!versionNumber) throw invalid('A version number is required to create a deployment.');
    const manifest = manifestIn(this.files(scriptId, versionNumber));
    const deployment: Deployment = {
      deploymentId,
      deploymentConfig: {
        scriptId,
        versionNumber,
        manifestFileName: 'appsscript',
        ...(description ? { description } : {}),
      },
      updateTime: this.#now(),
      ...entryPoints(deploymentId, manifest, 'exec'),
    };
    this.#putDeployment({ scriptId, deployment });
    this.#emulator.journal.append(DEPLOYMENT, { scriptId, deployment });
    return deployment;
  }
}

/** The deployment of what was saved last has the same id for ever. */
function headId(scriptId: string): string {
  return `AKfycb${createHash('sha256').update(scriptId).digest('base64url')}`;
}

function entryPoints(deploymentId: string, { webapp, executionApi }: Manifest, mode: 'dev' | 'exec') {
  const points: script_v1.Schema$EntryPoint[] = [];
  if (webapp)
    points.push({
      entryPointType: 'WEB_APP',
      webApp: {
        entryPointConfig: webapp,
        url: `https://script.google.com/macros/s/${deploymentId}/${mode}`,
      },
    });
  if (executionApi)
    points.push({ entryPointType: 'EXECUTION_API', executionApi: { entryPointConfig: executionApi } });
  return points.length > 0 ? { entryPoints: points } : {};
}

export interface Page {
  pageSize?: unknown;
  pageToken?: unknown;
}

/** A page token is the place in the list. */
function pageOf<T>(all: readonly T[], { pageSize, pageToken }: Page) {
  const from = Number(pageToken ?? 0);
  const size = Number(pageSize ?? 0) || PAGE;
  if (!Number.isInteger(from) || from < 0) throw invalid('Invalid page token.');
  return {
    items: all.slice(from, from + size),
    nextPageToken: from + size < all.length ? { nextPageToken: String(from + size) } : {},
  };
}
