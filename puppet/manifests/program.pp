# @summary The listener's one file and the keys it trusts.
# @api private
class gantry::program {
  file {
    default:
      owner => 'root',
      group => 'root';
    ['/etc/gantry', '/opt/gantry']:
      ensure => directory,
      mode   => '0755';
    '/opt/gantry/listener.mjs':
      ensure => file,
      mode   => '0644',
      source => 'puppet:///modules/gantry/listener.mjs';
    # Purged: a key that is no longer in `dispatcher_keys` must not stay behind.
    '/etc/gantry/trusted':
      ensure  => directory,
      mode    => '0755',
      purge   => true,
      recurse => true,
      force   => true;
  }

  # The dates stand in the key's own file: a key is never there without its end.
  $gantry::dispatcher_keys.each |String $name, Gantry::Key $given| {
    $key = $given ? {
      String  => { 'key' => $given },
      default => $given,
    }
    $dates = ['not_before', 'not_after'].filter |$date| { $key[$date] =~ NotUndef }
    $head = $dates.map |$date| { "${date.regsubst('_', '-')}: ${key[$date]}\n" }.join('')
    file { "/etc/gantry/trusted/${name}.pub":
      ensure  => file,
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => "${head}${key['key']}",
    }
  }

  $passcode = $gantry::broker_passcode ? {
    undef     => undef,
    Sensitive => $gantry::broker_passcode,
    default   => Sensitive($gantry::broker_passcode),
  }
  $with_passcode = $passcode ? {
    undef   => absent,
    default => file,
  }
  file { '/etc/gantry/broker.passcode':
    ensure    => $with_passcode,
    owner     => 'root',
    group     => 'root',
    mode      => '0600',
    show_diff => false,
    content   => $passcode,
  }

  if $gantry::broker_ca {
    file { '/etc/gantry/broker-ca.pem':
      ensure  => file,
      owner   => 'root',
      group   => 'root',
      mode    => '0644',
      content => $gantry::broker_ca,
    }
  }
}
