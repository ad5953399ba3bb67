# @summary One listener as a systemd service: role `agent` on every host, role `publisher` beside a Puppet server.
#
# @param role
#   What it does.
# @param certname
#   Whom it answers for.
# @param settings
#   More settings, by their environment names.
# @api private
define gantry::listener (
  Enum['agent', 'publisher'] $role,
  String[1] $certname,
  Hash[Pattern[/\AGANTRY_[A-Z_]+\z/], Pattern[/\A[^"\\\s]+\z/]] $settings = {},
) {
  include gantry

  $unit = $role ? {
    'agent'     => 'gantry-listener',
    'publisher' => 'gantry-publisher',
  }
  $principal = $role ? {
    'agent'     => "host.${certname}",
    'publisher' => "publisher.${certname}",
  }
  $ca = $gantry::broker_ca ? {
    undef   => "${gantry::ssldir}/certs/ca.pem",
    default => '/etc/gantry/broker-ca.pem',
  }
  # Read at each connect: a renewed certificate needs no restart.
  $access = $gantry::broker_passcode ? {
    undef   => {
      'GANTRY_BROKER_CA'   => $ca,
      'GANTRY_BROKER_CERT' => "${gantry::ssldir}/certs/${trusted['certname']}.pem",
      'GANTRY_BROKER_KEY'  => "${gantry::ssldir}/private_keys/${trusted['certname']}.pem",
    },
    default => { 'GANTRY_BROKER_PASSCODE_FILE' => '/etc/gantry/broker.passcode' },
  }
  $common = {
    'GANTRY_LISTENER_ROLE'        => $role,
    'GANTRY_CERTNAME'             => $certname,
    'GANTRY_BROKER_URIS'          => $gantry::broker_uris.join(','),
    'GANTRY_BROKER_LOGIN'         => $principal,
    'GANTRY_STATE_DIR'            => "/var/lib/${unit}",
    'GANTRY_DISPATCHER_KEYS'      => '/etc/gantry/trusted',
    'GANTRY_PUPPET_BIN'           => $gantry::puppet_bin,
  }

  $lines = ($common + $access + $settings).map |$name, $value| { "  \"${name}\": \"${value}\"" }.join(",\n")

  file {
    default:
      ensure => file,
      owner  => 'root',
      group  => 'root',
      notify => Service[$unit];
    "/etc/gantry/${unit}.json":
      mode    => '0600',
      content => "{\n${lines}\n}\n";
    "/etc/systemd/system/${unit}.service":
      mode    => '0644',
      content => epp('gantry/listener.service.epp', { 'unit' => $unit, 'role' => $role, 'node' => $gantry::node });
  }

  exec { "${unit}: systemd reads its unit":
    command     => 'systemctl daemon-reload',
    path        => ['/usr/bin', '/bin'],
    refreshonly => true,
    subscribe   => File["/etc/systemd/system/${unit}.service"],
    before      => Service[$unit],
  }

  # Restarting it does no harm to a run under way, its own included: the run is in a session of its own, the unit kills only
  # the listener, and the new listener takes the run over.
  service { $unit:
    ensure    => running,
    enable    => true,
    subscribe => File['/opt/gantry/listener.mjs'],
  }
}
