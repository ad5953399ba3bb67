# How a manifest gets the wanted version: an ordinary class parameter, looked up in Hiera by its name
# (`profile::shop::version`, the `hieraKey` in Gantry's fleet file).
class profile::shop (
  # String[1]: a missing or numeric version fails the catalog instead of installing something.
  String[1] $version,
) {
  package { 'shop':
    ensure   => $version,
    provider => 'dnf',
  }
  service { 'shop':
    ensure    => running,
    enable    => true,
    subscribe => Package['shop'],
  }
}
