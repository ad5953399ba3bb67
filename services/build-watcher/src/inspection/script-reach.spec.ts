import { describe, expect, it } from '@jest/globals';
import { lapsedKeys } from './lapsed-keys.js';
import { reachesOf } from './script-reach.js';

const OWN = new Set(['shop.service', 'shop.timer']);

describe('what scripts reach beyond their package', () => {
  it.each([
    ['reboot', 'reboot'],
    ['[ -x /sbin/shutdown ] && /sbin/shutdown -r now', 'shutdown'],
    ['os.execute("poweroff")', 'poweroff'],
    ['init 6', 'init 6'],
    ['systemctl reboot', 'reboot'],
    ['systemctl restart nginx', 'systemctl restart nginx'],
    [
      'systemctl --no-block try-restart nginx.service >/dev/null 2>&1 || :',
      'systemctl try-restart nginx.service',
    ],
    ['systemctl restart shop.service \\\n  "nginx"', 'systemctl restart nginx'],
    ['systemctl stop $unit', 'systemctl stop $unit'],
    ['systemctl isolate rescue.target', 'systemctl isolate rescue.target'],
    [
      '/usr/lib/systemd/systemd-update-helper mark-restart-system-units nginx.service',
      'mark-restart-system-units nginx.service',
    ],
    ['service nginx condrestart', 'service nginx condrestart'],
    ['/etc/init.d/nginx restart', 'service nginx restart'],
  ])('H-086 %j reaches: %s', (script, reach) => {
    expect(reachesOf(`true\n${script}\ntrue`, OWN)).toEqual([reach]);
  });

  it.each([
    'systemctl daemon-reload',
    'systemctl try-restart shop shop.timer >/dev/null 2>&1 || :',
    'systemctl is-active nginx && echo running',
    'systemctl preset shop.service || systemctl enable shop',
    'service shop restart',
    '  # systemctl restart nginx, then reboot',
    'touch /run/needs-reboot; ln -s x shutdown.target',
    '/sbin/ldconfig',
  ])('H-086 %j reaches nothing', (script) => {
    expect(reachesOf(script, OWN)).toEqual([]);
  });

  it('H-086 is told once each, and not without end', () => {
    expect(reachesOf('reboot; reboot\nhalt', OWN)).toEqual(['halt', 'reboot']);
    const many = Array.from({ length: 90 }, (_, at) => `systemctl stop u${at}`).join('\n');
    expect(reachesOf(many, OWN)).toHaveLength(20);
    const [long = ''] = reachesOf(`systemctl stop ${'u'.repeat(900)}\u0007`, OWN);
    expect(long).toMatch(/^systemctl stop u{185}$/);
  });
});

describe('keys that are not good any more', () => {
  it('H-080 are those that gpg calls expired or revoked, and what hangs on them', () => {
    const lines = [
      'pub:e:2048:1:6F3BB6C7342B4D1A:1577836800:1609372800::-:',
      'fpr:::::::::0E73F8EBA152BEC271D9D5766F3BB6C7342B4D1A:',
      'pub:-:2048:1:91C93C98B413CF7A:1795779612:::-:',
      'sub:r:2048:1:AAAAAAAAAAAAAAAA:1:::::',
      'sub:-:2048:1:BBBBBBBBBBBBBBBB:1:::::',
      'pub:r:2048:1:3570D99CAB7B6AAD:1795779612:::-:',
      'sub:-:2048:1:CCCCCCCCCCCCCCCC:1:::::',
    ];
    expect([...lapsedKeys(lines.join('\n'))]).toEqual([
      ['6f3bb6c7342b4d1a', 'expired'],
      ['aaaaaaaaaaaaaaaa', 'revoked'],
      ['3570d99cab7b6aad', 'revoked'],
      ['cccccccccccccccc', 'revoked'],
    ]);
  });
});
