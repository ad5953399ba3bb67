/** Words that take the host down, as commands of their own: not `needs-reboot`, not `shutdown.target`. */
const DOWN = /(?<![\w.-])(?:reboot|shutdown|poweroff|halt|kexec|telinit|init [06])(?![\w.-])/g;
/** What interrupts a service, up to the end of the command. */
const SYSTEMCTL =
  /(?<![\w.-])systemctl((?:\s+-\S+)*)\s+(restart|try-restart|reload-or-restart|try-reload-or-restart|stop|kill|isolate)\b([^;|&)>\n]*)/g;
const HELPER = /systemd-update-helper\s+(mark-restart-system-units)\b([^;|&)>\n]*)/g;
const SERVICE =
  /(?:(?<![\w.-])service\s+|\/init\.d\/)([\w@.-]+)\s+(restart|condrestart|try-restart|stop)\b/g;
const MOST = 20;

/**
 * What in a package's scripts reaches beyond the package: a short list of words, which helps against mistakes and shows what honest
 * scripts do. It is no defence against somebody who hides it; the signature is.
 */
export function reachesOf(scripts: string, ownUnits: ReadonlySet<string>): string[] {
  const text = scripts
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n');
  const isForeign = (unit: string): boolean => !ownUnits.has(withSuffix(unit));
  const found = [
    ...[...text.matchAll(DOWN)].map(([word]) => word),
    ...[...text.matchAll(SYSTEMCTL)].flatMap(([, , verb = '', units = '']) =>
      unitsOf(units)
        .filter(isForeign)
        .map((unit) => `systemctl ${verb} ${unit}`),
    ),
    ...[...text.matchAll(HELPER)].flatMap(([, verb = '', units = '']) =>
      unitsOf(units)
        .filter(isForeign)
        .map((unit) => `${verb} ${unit}`),
    ),
    ...[...text.matchAll(SERVICE)]
      .filter(([, unit = '']) => isForeign(unit))
      .map(([, unit = '', verb = '']) => `service ${unit} ${verb}`),
  ];
  return [...new Set(found.map(plain))].sort().slice(0, MOST);
}

const unitsOf = (words: string): string[] =>
  words
    .replaceAll(/\s\d+$/g, ' ')
    .split(/\s+/)
    .map((word) => word.replaceAll(/["']/g, ''))
    .filter((word) => word !== '' && !word.startsWith('-'));

const withSuffix = (unit: string): string => (/\.\w+$/.test(unit) ? unit : `${unit}.service`);

const plain = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ').slice(0, 200);
