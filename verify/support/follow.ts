import { tokenFor } from './http.ts';
import { runModule } from './run-process.ts';

/** Reads a stream from its oldest event with a client, in a process of its own; prints each event as offset and type. */
const FOLLOW = `
  const { client: path, url, token, count } = JSON.parse(process.argv[1]);
  const { createClient } = await import(path);
  // Versions before this one know where to begin by another name, which this one refuses.
  const open = (where) => createClient({ url: url + '/ws', token, ...where });
  let client;
  try {
    client = open({ resume: 'oldest' });
  } catch {
    client = open({ from: 'earliest' });
  }
  const seen = [];
  const late = setTimeout(() => end(), 20_000);
  const end = () => {
    clearTimeout(late);
    client.close();
    console.log(JSON.stringify(seen));
  };
  client.on('*', ({ offset, type }) => {
    if (seen.push(offset + ' ' + type) === count) end();
  });
  client.connect();`;

/** The events that a built client gets from a server, from the oldest on, until there are `count`. */
export async function follow(client: string, url: string, user: string, count: number): Promise<readonly string[]> {
  const given = JSON.stringify({ client, url, token: await tokenFor(url, user), count });
  const { code, stdout, stderr } = await runModule(FOLLOW, { args: [given] });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as readonly string[];
}
