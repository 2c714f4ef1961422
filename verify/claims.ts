import { authentication } from './claims/authentication.ts';
import { cycles } from './claims/cycles.ts';
import { delivery } from './claims/delivery.ts';
import { eventOrder } from './claims/event-order.ts';
import { goldenPath } from './claims/golden-path.ts';
import { hosts } from './claims/hosts.ts';
import { imports } from './claims/imports.ts';
import { isolation } from './claims/isolation.ts';
import { legacyNames } from './claims/legacy-names.ts';
import { lintRules } from './claims/lint-rules.ts';
import { memory } from './claims/memory.ts';
import { nextExample } from './claims/next-example.ts';
import { noBlocking } from './claims/no-blocking.ts';
import { oneClass } from './claims/one-class.ts';
import { performanceRatio } from './claims/performance.ts';
import { publicApi } from './claims/public-api.ts';
import { reconnect } from './claims/reconnect.ts';
import { release } from './claims/release.ts';
import { rollback } from './claims/rollback.ts';
import { silence } from './claims/silence.ts';
import { startUp } from './claims/start-up.ts';
import { testFiles } from './claims/test-files.ts';
import { tests } from './claims/tests.ts';
import { underAttack } from './claims/under-attack.ts';
import { PAINS } from './pains.ts';
import { toClaim } from './pains/pain.ts';
import type { Claim } from './support/claim.ts';

/** Every claim, in the order in which it is tried. */
export const CLAIMS: readonly Claim[] = [
  tests,
  testFiles,
  lintRules,
  noBlocking,
  imports,
  cycles,
  oneClass,
  isolation,
  goldenPath,
  authentication,
  delivery,
  eventOrder,
  reconnect,
  underAttack,
  nextExample,
  silence,
  hosts,
  startUp,
  memory,
  legacyNames,
  publicApi,
  performanceRatio,
  release,
  rollback,
  ...PAINS.map(toClaim),
];
