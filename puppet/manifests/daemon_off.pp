# @summary Stops Puppet's own daemon: runs happen when they are asked for.
# @api private
class gantry::daemon_off {
  service { 'puppet':
    ensure => stopped,
    enable => false,
  }

  # Some sites start the agent by a timer instead, which would take the lock at bad moments. A crontab of your own: see README.
  exec { 'gantry: no puppet timer':
    command => 'systemctl disable --now puppet-agent.timer',
    onlyif  => 'systemctl is-enabled puppet-agent.timer',
    path    => ['/usr/bin', '/bin'],
  }
}
