# @summary A moment in UTC.
type Gantry::Instant = Pattern[/\A\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\z/]
