# @summary A dispatcher's public key: PEM alone, or with the time it is good for (UTC, as 2026-12-31T00:00:00Z).
type Gantry::Key = Variant[
  Pattern[/\A-----BEGIN PUBLIC KEY-----\n/],
  Struct[{
    key                  => Pattern[/\A-----BEGIN PUBLIC KEY-----\n/],
    Optional[not_before] => Gantry::Instant,
    Optional[not_after]  => Gantry::Instant,
  }],
]
