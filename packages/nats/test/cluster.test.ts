import { jetstream } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { systemIds } from '@ws/core/log';
import { append, idsOf, listen, stream, until, untilHealthy } from '@ws/test-support';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openNatsLog, type NatsEventLog, type NatsLogOptions } from '../src/index.ts';
import { StorageEpoch } from '../src/storage-epoch.ts';
import { openStorage } from '../src/storage.ts';
import { Subjects } from '../src/subjects.ts';
import { NatsCluster } from './support/nats-cluster.ts';
import { NATS } from './support/nats-program.ts';

/** A cluster that chooses leaders on a busy machine answers nothing for this long at most. */
const ELECTION_MS = 40_000;

describe.skipIf(NATS.isSkipped)('three servers', { timeout: 120_000 }, () => {
  let cluster: NatsCluster;
  const logs: NatsEventLog[] = [];

  beforeAll(async () => {
    cluster = await NatsCluster.start();
  }, 60_000);
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()));
  });
  afterAll(() => cluster.stop());

  function open(options: NatsLogOptions = {}): NatsEventLog {
    const log = openNatsLog({ url: cluster.url, replicas: 3, checkIntervalMs: 500, ...options });
    logs.push(log);
    return log;
  }

  test('appends of processes on different servers are one order, and what returned is there for every reader', async () => {
    const [one, two, three] = cluster.servers.map(({ url }) => open({ url })) as [
      NatsEventLog,
      NatsEventLog,
      NatsEventLog,
    ];
    await Promise.all([one, two, three].map((log) => untilHealthy(log)));
    const heard = await listen(three);
    for (let round = 0; round < 15; round += 1) {
      await Promise.all([append(one, `one-${round}`), append(two, `two-${round}`)]);
      expect(await idsOf(three)).toHaveLength((round + 1) * 2);
    }
    await until(() => expect(heard.ids()).toHaveLength(30));
    expect(heard.ids()).toEqual(await idsOf(one));
    expect(one.durability).toContain('majority of 3');
  });

  test('where servers take two messages for the next one, the order decides: one is written, and the other one is tried again', async () => {
    const nodes = cluster.servers.map(({ url }) => open({ url, prefix: 'race' })) as [NatsEventLog, ...NatsEventLog[]];
    await Promise.all(nodes.map((log) => untilHealthy(log)));
    const heard = await Promise.all(nodes.map((log) => listen(log)));
    for (let round = 0; round < 25; round += 1) {
      await Promise.all(nodes.map((log, index) => append(log, `${round}-${index}-a`, `${round}-${index}-b`)));
    }
    const events = (await nodes[0].read(stream, 0, 1_000)).events;
    expect(events).toHaveLength(150);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(150);
    let before = 0;
    for (const { offset, prev = offset - 1 } of events) {
      expect(prev).toBe(before);
      before = offset;
    }
    const ids = events.map(({ eventId }) => eventId as string);
    for (const log of nodes) expect(await idsOf(log)).toEqual(ids);
    await until(() => heard.forEach((one) => expect(one.ids()).toEqual(ids)));
    expect((await nodes[0].head(stream)).head).toBe(before);
  });

  test('a leader that tells of an older end than there is begins no new epoch', async () => {
    const prefix = 'behind';
    const log = open({ prefix });
    await untilHealthy(log);
    await append(log, 'a', 'b', 'c');
    const nc = await connect({ servers: cluster.servers.map(({ url }) => url) });
    const js = jetstream(nc);
    const link = { nc, js, jsm: await js.jetstreamManager(), api: '$JS.API' };
    const subjects = new Subjects(prefix);
    const facts = await openStorage(link, { subjects, replicas: 3, place: 'the cluster' });
    const epoch = new StorageEpoch({ subjects, ids: systemIds, onRestart: 'auto', newEpoch: undefined });
    await epoch.open(link, facts);
    epoch.saw(facts.lastSequence);
    expect(await epoch.open(link, { ...facts, lastSequence: facts.lastSequence - 1 })).toBe(false);
    expect(epoch.current).toBe((await log.head(stream)).epoch);
    // One that lies before what was written through it has lost something.
    epoch.saw(facts.lastSequence + 1_000);
    expect(await epoch.open(link, facts)).toBe(true);
    await nc.close();
  });

  test('servers are killed one after the other: with a majority everything goes on, without one nothing is accepted or lost', async () => {
    const log = open({ prefix: 'killed' });
    const impatient = open({ prefix: 'killed', commandTimeoutMs: 500 });
    await untilHealthy(log);
    const { epoch } = await until(() => log.head(stream));
    const acknowledged: string[] = [];
    const appendSome = async (count: number): Promise<void> => {
      for (let n = 0; n < count; n += 1) {
        const id = `e${acknowledged.length}`;
        // What failed in doubt is repeated, as the hub does.
        await until(() => append(log, id), ELECTION_MS);
        acknowledged.push(id);
      }
    };
    await appendSome(20);
    const leader = await cluster.leaderOf('KILLED_EVENTS');
    await leader.kill();
    await appendSome(20);
    const [other] = cluster.servers.filter((server) => server !== leader);
    await other?.kill();
    await expect(append(impatient, 'refused')).rejects.toMatchObject({ code: 'LOG_UNAVAILABLE' });
    expect(await impatient.healthy()).toBe(false);
    await Promise.all([leader.start(), other?.start()]);
    await untilHealthy(log, ELECTION_MS);
    await appendSome(5);
    const ids = await until(() => idsOf(log), ELECTION_MS);
    // Whether it was accepted after all is not known, but it is there once at most.
    expect(ids.filter((id) => id !== 'refused')).toEqual(acknowledged);
    expect((await until(() => log.head(stream), ELECTION_MS)).epoch).toBe(epoch);
  });
});
