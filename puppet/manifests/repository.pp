# @summary A yum repository from which a host takes only packages that these keys have signed.
#
# dnf looks at the signature before anything of the package is unpacked or run. That is why the host's own check stands here, and not
# after the run, when the package's scripts have been root already.
#
# @param baseurl
#   The folder that holds `repodata/`: the `url` of GANTRY_REPOSITORIES.
# @param gpgkey
#   The public keys, armored: the same as in build-watcher's `packageKeyring`.
# @param repo_gpgcheck
#   Whether the index must be signed too (`repomd.xml.asc`), by the same keys.
# @param repos_dir
#   Where dnf looks for repositories.
# @param keys_dir
#   Where the keys are kept.
define gantry::repository (
  Pattern[/\A(https?|file):\/\/[^\s]+\z/] $baseurl,
  Pattern[/\A\s*-----BEGIN PGP PUBLIC KEY BLOCK-----/] $gpgkey,
  Boolean $repo_gpgcheck = false,
  Pattern[/\A\/[^\s]+\z/] $repos_dir = '/etc/yum.repos.d',
  Pattern[/\A\/[^\s]+\z/] $keys_dir = '/etc/pki/rpm-gpg',
) {
  unless $title =~ /\A[a-z0-9][a-z0-9-]{0,62}\z/ {
    fail("gantry::repository: ${title} must be lower-case letters, digits and hyphens")
  }
  $key_file = "${keys_dir}/RPM-GPG-KEY-gantry-${title}"

  file { $key_file:
    ensure  => file,
    owner   => 'root',
    group   => 'root',
    mode    => '0644',
    content => $gpgkey,
  }

  file { "${repos_dir}/${title}.repo":
    ensure  => file,
    owner   => 'root',
    group   => 'root',
    mode    => '0644',
    content => epp('gantry/repository.epp', {
        'name'          => $title,
        'baseurl'       => $baseurl,
        'key_file'      => $key_file,
        'repo_gpgcheck' => $repo_gpgcheck,
    }),
    require => File[$key_file],
  }
}
