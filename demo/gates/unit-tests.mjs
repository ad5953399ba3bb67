#!/usr/bin/env node
// unit-tests.mjs REPOSITORY PACKAGE VERSION-RELEASE: the application's own tests, out of the very package that is to be deployed.
/* global fetch */
import { Buffer } from 'node:buffer';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [repository, name, evr] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'unit-tests-'));
const file = `${name}-${evr}.noarch.rpm`;
const answer = await fetch(`${repository}/${file}`);
if (!answer.ok) throw new Error(`${repository}/${file}: ${answer.status}`);
writeFileSync(join(folder, file), Buffer.from(await answer.arrayBuffer()));
execFileSync('rpm2archive', [join(folder, file)]);
execFileSync('tar', ['-xzf', join(folder, `${file}.tgz`), '-C', folder]);
const tests = join(folder, 'opt', name, 'test');
const files = readdirSync(tests).map((test) => join(tests, test));
const { status } = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit' });
process.exit(status ?? 1);
