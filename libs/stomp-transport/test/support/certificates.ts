import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Files of a throw-away public key infrastructure. */
export interface Certificates {
  readonly ca: Buffer;
  readonly cert: Buffer;
  readonly key: Buffer;
  /** A certificate authority the broker has nothing to do with. */
  readonly foreignCa: Buffer;
}

const NEW_KEY = '-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes';

/** Makes an authority, a broker's and a client's certificate, and the Java key stores the broker reads. */
export function makeCertificates(dir: string): Certificates {
  const run = (command: string): void => {
    const [program = '', ...args] = command.split(' ');
    execFileSync(program, args, { cwd: dir, stdio: 'pipe' });
  };
  for (const name of ['ca', 'foreign']) {
    run(
      `openssl req -x509 ${NEW_KEY} -days 2 -subj /CN=${name} -keyout ${name}.key -out ${name}.pem`,
    );
  }
  for (const name of ['broker', 'client']) {
    run(
      `openssl req ${NEW_KEY} -subj /CN=${name} -addext subjectAltName=DNS:localhost -keyout ${name}.key -out ${name}.csr`,
    );
    run(
      `openssl x509 -req -in ${name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out ${name}.pem`,
    );
  }
  run(
    'openssl pkcs12 -export -in broker.pem -inkey broker.key -out broker.p12 -passout pass:changeit',
  );
  run(
    'keytool -importcert -noprompt -file ca.pem -keystore trust.p12 -storetype PKCS12 -storepass changeit',
  );
  const file = (name: string): Buffer => fs.readFileSync(path.join(dir, name));
  return {
    ca: file('ca.pem'),
    cert: file('client.pem'),
    key: file('client.key'),
    foreignCa: file('foreign.pem'),
  };
}
