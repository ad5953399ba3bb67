/** The manifests and Hiera data of the lab's Puppet environment: path below the environment -> content. */
export function puppetCode(baseline: string): Readonly<Record<string, string>> {
  return {
    'environment.conf': 'modulepath = modules\n',
    'hiera.yaml': `---
version: 5
defaults: { datadir: data, data_hash: yaml_data }
hierarchy:
  - name: wanted versions, one file per host, written by the publisher
    path: "deploy/%{trusted.certname}.yaml"
  - name: common
    path: common.yaml
`,
    'data/common.yaml': `---\nprofile::shop::version: '${baseline}'\n`,
    'manifests/site.pp': 'node default { include role::shop }\n',
    'modules/role/manifests/shop.pp': 'class role::shop {\n  include profile::shop\n}\n',
    'modules/profile/manifests/shop.pp': PROFILE,
  };
}

// String[1] makes a missing version fail the compilation instead of installing something.
// Provider dnf must be named: Debian's default is apt. Provider base: a namespace has no systemd.
const PROFILE = `class profile::shop (
  String[1] $version,
) {
  package { 'shop':
    ensure   => $version,
    provider => 'dnf',
  }
  file { '/etc/shop.conf':
    ensure  => file,
    content => "version=\${version}\\n",
  }
  service { 'shop':
    ensure     => running,
    provider   => 'base',
    start      => '/opt/shop/ctl start',
    stop       => '/opt/shop/ctl stop',
    restart    => '/opt/shop/ctl restart',
    status     => '/opt/shop/ctl status',
    hasrestart => true,
    hasstatus  => true,
    subscribe  => [Package['shop'], File['/etc/shop.conf']],
  }
}
`;
