import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FleetHost } from './fleet-host.js';

const FOLDER = '/etc/puppet/played';
const PUPPET = `${FOLDER}/puppet`;

/** A Puppet that is one script: it installs the wanted RPM for real, writes a real report, and notes every run by its job id. */
export interface PlayedPuppet {
  /** Folders of this machine the script reads. */
  readonly readOnly: readonly string[];
  /** Lets whoever looks for Puppet on the host find it. */
  readonly variables: Readonly<Record<string, string>>;
  /** Puts the script there and has it install the newest build, as a first run would. */
  installOn(host: FleetHost): Promise<void>;
}

/** What hosts of a lab without a Puppet server need; the two folders are where RPMs lie and where versions are published. */
export function playedPuppet(rpms: string, versions: string): PlayedPuppet {
  return {
    readOnly: [rpms, versions],
    variables: { GANTRY_PUPPET_BIN: PUPPET, GANTRY_DNF_BIN: '/bin/true' },
    async installOn(host) {
      await host.run(['mkdir', '-p', FOLDER, '/var/log']);
      const path = join(host.root, PUPPET);
      await writeFile(path, script(rpms, join(versions, `${host.certname}.yaml`), host.certname));
      await chmod(path, 0o755);
      await host.run(['bash', '-c', `rpm -U --nodeps ${rpms}/shop-*.rpm && /opt/shop/ctl start`]);
    },
  };
}

const REPORT = `cat >$here/report.new <<REPORT
--- !ruby/object:Puppet::Transaction::Report
host: $certname
time: '$began'
configuration_version: 1
transaction_uuid: 12a107e8-a5e7-46f5-958f-6a648e927841
report_format: 12
puppet_version: 7.23.0
status: $status
transaction_completed: true
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
    - - changed
      - Changed
      - $changed
    - - failed
      - Failed
      - $failed
resource_statuses: {}
corrective_change: false
catalog_uuid: 6a2ddfac-440d-43fe-918b-f3979301e568
job_id: $job
cached_catalog_status: not_used
REPORT
`;

// A run waits while there is a file `hold`, and does what a file `befall` says just before its report.
const script = (rpms: string, wanted: string, certname: string): string => `#!/bin/bash
here=${FOLDER}
certname=${certname}
if [ "$1" = config ]; then
  echo "lastrunreport = $here/report"
  echo "lastrunfile = $here/summary"
  echo "agent_catalog_run_lockfile = $here/lock"
  echo "agent_disabled_lockfile = $here/disabled"
  echo "client_datadir = $here/client_data"
  echo "certname = $certname"
  exit 0
fi
noop=false
while [ $# -gt 0 ]; do
  case $1 in
  --job-id) job=$2; shift ;;
  --logdest) log=$2; shift ;;
  --noop) noop=true ;;
  esac
  shift
done
now() { date -u +%Y-%m-%dT%H:%M:%S.%N+00:00; }
say() { printf '{"level":"%s","message":"%s","source":"Puppet","tags":[],"time":"%s"}\\n' "$1" "$2" "$(now)" >>"$log"; }
began=$(now)
echo "$job" >>/var/log/puppet-runs
echo $$ >$here/lock
say info "Applying configuration version 1"
while [ -e $here/hold ]; do sleep 0.05; done
evr=$(sed -n "s/^profile::shop::version: *[\\"']\\([^\\"']*\\)[\\"'].*/\\1/p" ${wanted})
changed=0 failed=0 status=unchanged
if [ "$noop" = false ] && [ -n "$evr" ] && [ "$(rpm -q --qf '%{VERSION}-%{RELEASE}' shop)" != "$evr" ]; then
  say notice "Package[shop]: ensure changed to $evr"
  if rpm -U --oldpackage --nodeps ${rpms}/shop-$evr.noarch.rpm && /opt/shop/ctl restart; then changed=1 status=changed
  else failed=1 status=failed; fi
fi
[ ! -e $here/befall ] || . $here/befall
${REPORT}mv $here/report.new $here/report
rm -f $here/lock
exit $((changed * 2 + failed * 4))
`;
