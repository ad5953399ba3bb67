import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Seen } from '../metadata/seen.js';
import { Cursor } from './cursor.js';

const at = (revision: number | string, timestamp = Number(revision)) => ({
  revision: String(revision),
  timestamp,
});
const older = { code: 'repository.older' };

describe('how far a repository was seen', () => {
  let kept: Seen | undefined;
  let diskFull = false;
  const store = {
    load: () => Promise.resolve(kept),
    save: (_repository: string, seen: Seen) => {
      if (diskFull) return Promise.reject(new Error('ENOSPC'));
      kept = seen;
      return Promise.resolve();
    },
  };
  const start = (url = 'https://rpm.example.net/a') =>
    new Cursor({ repository: 'releases', url, store });

  beforeEach(() => {
    kept = undefined;
    diskFull = false;
  });

  it('H-082 refuses what is older than the newest that was accepted, also after a restart', async () => {
    const cursor = start();
    await cursor.admit(at(20));
    await cursor.reached(at(20));
    await cursor.reached(at(10));
    await expect(cursor.admit(at(19))).rejects.toMatchObject(older);
    await expect(start().admit(at(19))).rejects.toMatchObject(older);
    await expect(start().admit(at(20))).resolves.toBeUndefined();
    await expect(start().admit(at(21))).resolves.toBeUndefined();
  });

  it('H-082 refuses it also while nothing can be kept on the disk', async () => {
    diskFull = true;
    const cursor = start();
    await expect(cursor.reached(at(20))).rejects.toThrow('ENOSPC');
    await expect(cursor.admit(at(19))).rejects.toMatchObject(older);
  });

  it('H-082 goes by the time of the list where the revision tells no order', async () => {
    const cursor = start();
    await cursor.reached(at('autumn', 20));
    await expect(cursor.admit(at('winter', 19))).rejects.toMatchObject(older);
    await expect(cursor.admit(at('spring', 21))).resolves.toBeUndefined();
    await cursor.reached(at('7', 30));
    await expect(cursor.admit(at('7', 29))).rejects.toMatchObject(older);
  });

  it('takes another URL for another repository', async () => {
    await start().reached(at(20));
    await expect(start('https://rpm.example.net/b').admit(at(1))).resolves.toBeUndefined();
  });

  it('uses nothing of a repository while it cannot be read how far it was seen', async () => {
    const broken = { ...store, load: () => Promise.reject(new Error('unreadable')) };
    const cursor = new Cursor({ repository: 'releases', url: 'https://x', store: broken });
    await expect(cursor.admit(at(1))).rejects.toThrow('unreadable');
  });
});
