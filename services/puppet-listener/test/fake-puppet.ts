import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('./fake-puppet.sh', import.meta.url));

/** A host's Puppet, RPM database and dnf, played by one shell script in a folder of its own. */
export class FakePuppet {
  readonly puppet: string;
  readonly rpm: string;
  readonly dnf: string;

  constructor(private readonly folder: string) {
    mkdirSync(folder, { recursive: true });
    const bin = (name: string): string => join(folder, name);
    [this.puppet, this.rpm, this.dnf] = [bin('puppet'), bin('rpm'), bin('dnf')];
    copyFileSync(SCRIPT, this.puppet);
    chmodSync(this.puppet, 0o755);
    symlinkSync('puppet', this.rpm);
    symlinkSync('puppet', this.dnf);
    const at = {
      lastrunreport: 'report',
      lastrunfile: 'summary',
      agent_catalog_run_lockfile: 'lock',
    };
    const more = { agent_disabled_lockfile: 'disabled', client_datadir: 'client_data' };
    const paths = Object.entries({ ...at, ...more }).map(([key, file]) => `${key} = ${bin(file)}`);
    this.write('settings', [...paths, 'certname = web1.lab'].join('\n'));
    this.behave('report changed; exit 2');
  }

  /** Shell lines a run executes; `lock`, `say`, `await`, `install` and `report` are at hand. */
  behave(lines: string): void {
    this.write('behaviour', lines);
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }

  has(name: string): boolean {
    return existsSync(join(this.folder, name));
  }

  /** Argument lines of all agent runs so far. */
  get runs(): readonly string[] {
    return this.has('agent.calls')
      ? readFileSync(join(this.folder, 'agent.calls'), 'utf8').trim().split('\n')
      : [];
  }
}
