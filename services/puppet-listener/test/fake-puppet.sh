#!/bin/bash
# Stands in for `puppet`, `rpm` and `dnf` in specs. What a run does is a shell snippet the spec writes to `behaviour`.
here=$(cd "$(dirname "$0")" && pwd)
name=$(basename "$0")

if [ "$name" = dnf ]; then echo "$*" >> "$here/dnf.calls"; exit 0; fi

if [ "$name" = rpm ]; then
  while [ $# -gt 0 ]; do [ "$1" = -- ] && break; shift; done; shift
  for package in "$@"; do
    if [ -f "$here/installed.$package" ]; then
      evr=$(cat "$here/installed.$package")
      case $evr in *:*) full=$evr ;; *) full="0:$evr" ;; esac
      echo "$package|$full|$package-$evr.noarch"
    else echo "package $package is not installed"; fi
  done
  exit 0
fi

if [ "$1" = config ]; then cat "$here/settings"; exit 0; fi

echo "$*" >> "$here/agent.calls"
while [ $# -gt 0 ]; do
  case $1 in
    --job-id) job=$2; shift ;;
    --logdest) log=$2; shift ;;
    --noop) noop=true ;;
    --no-noop) noop=false ;;
  esac
  shift
done

say() { # level source message
  printf '{"level":"%s","message":"%s","source":"%s","tags":[],"time":"2026-01-02T03:04:05.123456789+00:00"}\n' "$1" "$3" "$2" >> "$log"
}
lock() { echo $$ > "$here/lock"; }
unlock() { rm -f "$here/lock"; }
await() { while [ ! -e "$here/$1" ]; do sleep 0.05; done; }
install() { echo "$2" > "$here/installed.$1"; }
report() { # status completed cached failed
  cat > "$here/report.tmp" <<REPORT
--- !ruby/object:Puppet::Transaction::Report
host: web1.lab
time: '2026-01-02T03:04:05.123456789+00:00'
configuration_version: 1795468608
transaction_uuid: 12a107e8-a5e7-46f5-958f-6a648e927841
report_format: 12
puppet_version: 7.23.0
status: ${1:-changed}
transaction_completed: ${2:-true}
noop: $noop
noop_pending: false
environment: production
logs: []
metrics:
  resources:
    name: resources
    label: Resources
    values:
    - - total
      - Total
      - 10
    - - failed
      - Failed
      - ${4:-0}
resource_statuses: {}
corrective_change: false
catalog_uuid: 6a2ddfac-440d-43fe-918b-f3979301e568
job_id: $job
cached_catalog_status: ${3:-not_used}
REPORT
  mv "$here/report.tmp" "$here/report"
}

. "$here/behaviour"
