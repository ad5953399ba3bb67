# @summary The publisher beside a Puppet server: writes each host's wanted versions where Hiera looks for them.
#
# Declare it on every Puppet server (and compile master) that hosts ask for catalogs.
#
# @param hiera_dir
#   Folder of the per-host files. It must exist in the environment's data and belong to root, writable by root only; the Puppet
#   server needs to read it. Keep it out of what r10k or Code Manager purges.
# @param facts_dir
#   Where the Puppet server keeps the facts of hosts (`puppet config print server_datadir --section server`, and `/facts`). With it, new
#   hosts are enrolled by the key among their facts; without it, keys are carried by hand.
class gantry::publisher (
  Pattern[/\A\/\S+\z/] $hiera_dir = '/etc/puppetlabs/code/gantry',
  Optional[Pattern[/\A\/\S+\z/]] $facts_dir = undef,
) {
  include gantry

  file { $hiera_dir:
    ensure => directory,
    owner  => 'root',
    group  => 'root',
    mode   => '0755',
  }

  $enrolment = $facts_dir ? {
    undef   => {},
    default => { 'GANTRY_FACTS_DIR' => $facts_dir },
  }

  gantry::listener { 'publisher':
    role     => 'publisher',
    certname => $trusted['certname'],
    settings => { 'GANTRY_HIERA_DIR' => $hiera_dir } + $enrolment,
    require  => [Class['gantry::program'], File[$hiera_dir]],
  }
}
