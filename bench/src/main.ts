import { parseArgs } from 'node:util';
import { benchesNamed, BENCHES } from './benches.js';
import { machineNow } from './measure/machine.js';
import { markdown, type Report } from './report.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(
    `npm run bench -- [${BENCHES.map(({ name }) => name).join('|')}]... [--rounds N] [--json]`,
  );
} else {
  const rounds = Number(values.rounds);
  const reports: Report[] = [];
  for (const bench of benchesNamed(positionals)) {
    console.error(`${bench.name}: ${bench.title}`);
    const before = machineNow();
    const rows = await bench.run({ rounds, tell: (line) => console.error(`  ${line}`) });
    const report = { bench: bench.name, title: bench.title, rows, before, after: machineNow() };
    reports.push(report);
    if (!values.json) console.log(`${markdown(report)}\n`);
  }
  if (values.json) console.log(JSON.stringify(reports, null, 2));
}
// Peers keep timers and connections that nothing closes.
process.exit(0);
