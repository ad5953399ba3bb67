import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { PUBLIC_FOLDER } from './public-folder.js';

const files = readdirSync(PUBLIC_FOLDER);
const text = (file: string): string => readFileSync(join(PUBLIC_FOLDER, file), 'utf8');

describe('the status page', () => {
  it('works under its own content security policy: nothing inline, nothing from elsewhere', () => {
    const html = text('index.html');
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=|javascript:|https?:\/\//);
  });

  it.each(files.filter((file) => file.endsWith('.mjs')))(
    '%s shows text as text, whatever it says',
    (file) => {
      expect(text(file)).not.toMatch(
        /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|\beval\b|new Function|setAttribute/,
      );
    },
  );

  it('refers to files that are there', () => {
    const named = [...text('index.html').matchAll(/(?:src|href)="([^"]+)"/g)].map(
      ([, name]) => name,
    );
    const imported = files
      .filter((file) => file.endsWith('.mjs'))
      .flatMap((file) => [...text(file).matchAll(/from '\.\/([^']+)'/g)].map(([, name]) => name));
    expect(files).toEqual(expect.arrayContaining([...named, ...imported]));
  });
});
