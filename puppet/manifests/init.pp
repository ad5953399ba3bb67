# @summary Puts Gantry's listener on a host and turns the agent's own daemon off.
#
# From then on Puppet runs when Gantry asks for it, or when a person runs `puppet agent -t`; both converge to the same
# versions, because the wanted version is Hiera data and not an argument of a run.
#
# @param broker_uris
#   Where ActiveMQ is: `stomp+ssl://broker1:61613`. Several are a failover list.
# @param dispatcher_keys
#   Trusted dispatcher keys: name => public key in PEM, or a hash of `key` and its `not_before` and `not_after`. Two while a key is
#   being replaced, one otherwise. A key that is taken out here is refused by the host from the next command on.
# @param packages
#   The packages whose version Gantry may be asked to bring to this host. What is not named here is refused, whoever signed it.
# @param runs
#   `real`, or `noop` where only runs without changes may be asked for.
# @param ssldir
#   Where Puppet keeps this host's certificate and key (`puppet config print ssldir`): with them the listener comes into the broker.
# @param broker_passcode
#   Only for a broker without TLS: the passcode of this host's account (`host.<certname>`), kept in a file only root can read.
# @param broker_ca
#   PEM of the authority that signed the broker's certificate; by default Puppet's own.
# @param node
#   The Node.js program, 20.19 or newer.
# @param puppet_bin
#   The Puppet program.
# @param manage_agent_daemon
#   Whether to stop and disable Puppet's own service and timer.
class gantry (
  Array[Pattern[/\Astomp(\+ssl)?:\/\/[^@\s]+\z/], 1] $broker_uris,
  Hash[Pattern[/\A[A-Za-z0-9._-]{1,64}\z/], Gantry::Key, 1] $dispatcher_keys,
  Array[Pattern[/\A[A-Za-z0-9][A-Za-z0-9._+-]*\z/], 1] $packages,
  Pattern[/\A\/[^"\\\s]+\z/] $ssldir = '/etc/puppetlabs/puppet/ssl',
  Optional[Variant[String[1], Sensitive[String[1]]]] $broker_passcode = undef,
  Optional[String[1]] $broker_ca = undef,
  Pattern[/\A\/\S+\z/] $node = '/usr/bin/node',
  Pattern[/\A\/\S+\z/] $puppet_bin = '/opt/puppetlabs/bin/puppet',
  Boolean $manage_agent_daemon = true,
  Enum['real', 'noop'] $runs = 'real',
) {
  contain gantry::program

  gantry::listener { 'agent':
    role     => 'agent',
    certname => $trusted['certname'],
    settings => { 'GANTRY_PACKAGES' => $packages.join(','), 'GANTRY_RUNS' => $runs },
    require  => Class['gantry::program'],
  }

  if $manage_agent_daemon {
    contain gantry::daemon_off
  }
}
