import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Server } from 'node:https';
import { createSecureContext } from 'node:tls';
import { WebSocketError } from '@ws/types';
import type { Logger } from 'pino';

/** Files, in PEM, that a server speaks TLS with. */
export interface TlsFiles {
  /** Path of the certificate, with those between it and its root. */
  readonly certFile: string;
  /** Path of its key. */
  readonly keyFile: string;
}

/** What the server speaks TLS with. */
export interface TlsIdentity {
  readonly cert: Buffer;
  readonly key: Buffer;
  readonly minVersion: 'TLSv1.2';
}

type SecureServer = Pick<Server, 'setSecureContext'>;

/** How often the files are looked at. Their status is asked for, so links that are swapped under them are seen as well. */
const LOOK_EVERY_MS = 1_000;

/**
 * A certificate and its key, read again when either file changes: a renewed certificate needs no restart. Connections that are open
 * keep the old one. A pair that does not fit (one file was written, the other not yet) changes nothing.
 */
export class TlsCertificate {
  readonly #files: TlsFiles;
  readonly #logger: Logger;
  readonly #look = (): void => this.reload();
  #identity: TlsIdentity;
  #server: SecureServer | undefined;

  /** Reads the files. Throws `INVALID_OPTION`, naming them. */
  constructor(files: TlsFiles, logger: Logger) {
    this.#files = files;
    this.#logger = logger;
    this.#identity = this.#read();
    for (const path of [files.certFile, files.keyFile]) {
      watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.#look);
    }
  }

  get identity(): TlsIdentity {
    return this.#identity;
  }

  /** From now on the server speaks with what is read again. */
  follow(server: SecureServer): void {
    this.#server = server;
  }

  reload(): void {
    try {
      this.#identity = this.#read();
      this.#server?.setSecureContext(this.#identity);
      this.#logger.info({ file: this.#files.certFile }, 'the certificate was read again');
    } catch (error) {
      this.#logger.error({ err: error }, 'the certificate could not be read again: the last one stays in use');
    }
  }

  stop(): void {
    for (const path of [this.#files.certFile, this.#files.keyFile]) unwatchFile(path, this.#look);
  }

  #read(): TlsIdentity {
    const { certFile, keyFile } = this.#files;
    try {
      const identity = { cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.2' } as const;
      // Fails where they are no certificate, no key, or not of one pair.
      createSecureContext(identity);
      return identity;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      const message = `the certificate ${certFile} with the key ${keyFile} cannot be used: ${why}`;
      throw new WebSocketError('INVALID_OPTION', message, { cause: error });
    }
  }
}
