import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { validate, ValidationSeverity } from 'dockerfile-utils';
import { Deployment } from 'kubernetes-models/apps/v1';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Secret, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { readSettings } from '../../apps/server/src/settings/index.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(resolve(ROOT, path), 'utf8');

type Resource = Readonly<Record<string, unknown>> & { readonly kind: string };
type Variables = Readonly<Record<string, string>>;

/** A container of the deployment, as far as it is looked at. */
interface Container {
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly readinessProbe: { readonly httpGet: { readonly path: string } };
  readonly livenessProbe: { readonly httpGet: { readonly path: string } };
  readonly lifecycle: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
}

/** Ones that the service takes. */
const SECRETS = { WS_API_KEY: 'fedcba9876543210fedcba9876543210', WS_JWT_SECRET: '0123456789abcdef0123456789abcdef' };

/** How long a node drains at most, in seconds. */
const DRAIN_S = 10;

/** What the image sets. */
const IN_IMAGE = { NODE_ENV: 'production', WS_HOST: '0.0.0.0' };

/** The service would start with these. */
function expectGoodSettings(env: Variables): void {
  expect(() => readSettings({ ...IN_IMAGE, ...env })).not.toThrow();
}

describe('the Dockerfile', () => {
  const text = read('Dockerfile');

  it('has no fault that a linter finds', () => {
    const problems = validate(text, { instructionWorkdirRelative: ValidationSeverity.ERROR });
    expect(problems.map(({ message, range }) => [range.start.line + 1, message])).toEqual([]);
    expect(validate('FROM\nEXPOSE door')).not.toEqual([]);
  });

  it('builds in one stage, runs in another, not as root, with a health check', () => {
    expect(text.match(/^FROM /gm)).toHaveLength(2);
    expect(text).toMatch(/^USER node$/m);
    expect(text).toMatch(/^HEALTHCHECK /m);
    // The form without a shell: Node itself gets the signals.
    expect(text).toMatch(/^ENTRYPOINT \["node", "\/app\/dist\/main\.js"\]$/m);
  });
});

describe('docs/deploy/kubernetes.yaml', () => {
  const CHECKS = {
    Deployment: (resource: object) => new Deployment(resource),
    Ingress: (resource: object) => new Ingress(resource),
    PodDisruptionBudget: (resource: object) => new PodDisruptionBudget(resource),
    Secret: (resource: object) => new Secret(resource),
    Service: (resource: object) => new Service(resource),
  };

  const resources = parseAllDocuments(read('docs/deploy/kubernetes.yaml')).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Resource;
  });

  function expectValid(resource: Resource): void {
    const check = CHECKS[resource.kind as keyof typeof CHECKS];
    check(resource).validate();
  }

  it('every resource is one by the schemas of Kubernetes', () => {
    expect(resources.map(({ kind }) => kind)).toEqual([
      'Secret',
      'Deployment',
      'PodDisruptionBudget',
      'Service',
      'Ingress',
    ]);
    for (const resource of resources) expectValid(resource);
    const wrong = { ...resources[1], kind: 'Deployment', spec: { replicas: 'three' } };
    expect(() => expectValid(wrong)).toThrow();
  });

  it('probes what the service has, drains longer than it needs, and starts with good settings', () => {
    const deployment = resources.find(({ kind }) => kind === 'Deployment');
    const { template } = deployment?.['spec'] as {
      template: { spec: { terminationGracePeriodSeconds: number; containers: [Container] } };
    };
    const [container] = template.spec.containers;
    expect(container.readinessProbe.httpGet.path).toBe('/readyz');
    expect(container.livenessProbe.httpGet.path).toBe('/healthz');
    const left = template.spec.terminationGracePeriodSeconds - container.lifecycle.preStop.sleep.seconds;
    expect(left).toBeGreaterThan(DRAIN_S);
    const secret = resources.find(({ kind }) => kind === 'Secret')?.['stringData'] as Variables;
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    // What everybody can read in this file lets nobody in.
    for (const name of ['WS_API_KEY', 'WS_JWT_SECRET']) {
      const placeholder = { ...SECRETS, [name]: secret[name] ?? '' };
      const start = (): unknown => readSettings({ ...IN_IMAGE, ...secret, ...placeholder, ...env });
      expect(start).toThrow(`${name} must have`);
    }
    expectGoodSettings({ ...secret, ...SECRETS, ...env });
  });
});

describe('compose.yaml', () => {
  interface Compose {
    readonly services: Readonly<
      Record<
        string,
        {
          readonly environment?: Variables;
          readonly depends_on?: Readonly<Record<string, object>>;
          readonly volumes?: readonly string[];
        }
      >
    >;
    readonly volumes: Readonly<Record<string, unknown>>;
  }
  const compose = parse(read('compose.yaml')) as Compose;

  // No schema of Compose is on the registry in a package that is kept: what is looked at is looked at here.
  it('names only services and volumes that it has, and files that are there', () => {
    for (const { depends_on = {}, volumes = [] } of Object.values(compose.services)) {
      for (const name of Object.keys(depends_on)) expect(Object.keys(compose.services)).toContain(name);
      for (const source of volumes.map((volume) => volume.split(':')[0] ?? '')) {
        if (source.startsWith('./')) expect(existsSync(resolve(ROOT, source))).toBe(true);
        else expect(Object.keys(compose.volumes)).toContain(source);
      }
    }
  });

  it('starts the service with good settings, and not without its secrets', () => {
    const environment = compose.services['events']?.environment ?? {};
    const required = Object.entries(environment).filter(([, value]) => value.includes(':?'));
    expect(required.map(([name]) => name)).toEqual(['WS_API_KEY', 'WS_JWT_SECRET']);
    const filled = Object.entries(environment).map(([name, value]) => {
      if (value.includes(':?')) return [name, SECRETS.WS_API_KEY] as const;
      return [name, value.includes(':-') ? '' : value] as const;
    });
    expectGoodSettings(Object.fromEntries(filled));
  });
});

describe('docs/deploy/agent-events.service', () => {
  const ANALYZE = '/usr/bin/systemd-analyze';
  const unit = resolve(ROOT, 'docs/deploy/agent-events.service');

  it('gives the service longer to go away than it drains, and reloads its keys', () => {
    const text = read('docs/deploy/agent-events.service');
    expect(Number(/^TimeoutStopSec=(\d+)$/m.exec(text)?.[1])).toBeGreaterThan(DRAIN_S);
    expect(text).toMatch(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  });

  it.skipIf(!existsSync(ANALYZE))('systemd itself finds no fault, and little that it may do', async () => {
    const run = promisify(execFile);
    // The program is not installed here; everything else that is wrong is told.
    const { stderr } = await run(ANALYZE, ['verify', '--man=no', unit]).catch((error: { stderr: string }) => error);
    const lines = stderr.split('\n').filter((line) => line !== '' && !line.includes('is not executable'));
    expect(lines).toEqual([]);
    const { stdout } = await run(ANALYZE, ['security', '--offline=true', '--no-pager', unit]);
    expect(Number(/Overall exposure level for .*: ([\d.]+)/.exec(stdout)?.[1])).toBeLessThan(2);
  });
});

it('the nginx and Caddy configurations leave a heartbeat and a half before they cut a quiet connection', () => {
  const seconds = Number(/proxy_read_timeout (\d+)s/.exec(read('docs/deploy/nginx.conf'))?.[1]);
  expect(seconds).toBeGreaterThan(1.5 * 25);
});
