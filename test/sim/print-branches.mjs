// Adds up what the shares of the simulator counted, and prints how often each rare branch was taken.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder = ''] = process.argv.slice(2);
const counts = new Map();
for (const file of existsSync(folder) ? readdirSync(folder) : [])
  for (const [name, times] of Object.entries(JSON.parse(readFileSync(join(folder, file), 'utf8'))))
    counts.set(name, (counts.get(name) ?? 0) + times);
const never = [...counts].filter(([, times]) => times === 0).map(([name]) => name);
if (counts.size > 0) {
  process.stdout.write(`    rare branches of the simulated seeds, and how often each was taken:\n`);
  for (const [name, times] of counts)
    process.stdout.write(`${String(times).padStart(12)}  ${name}\n`);
  process.stdout.write(`    ${counts.size - never.length} of ${counts.size} taken`);
  process.stdout.write(never.length > 0 ? `; never: ${never.join(', ')}\n` : '\n');
}
