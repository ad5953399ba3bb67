const PLAIN = /^[A-Za-z_/$][A-Za-z0-9_./$#-]*$/;
const WORDS_OF_YAML = new Set(['true', 'false', 'null', 'yes', 'no', 'on', 'off', 'y', 'n']);

const scalar = (value) =>
  typeof value === 'string' && PLAIN.test(value) && !WORDS_OF_YAML.has(value.toLowerCase())
    ? value
    : JSON.stringify(value);
const isLeaf = (value) =>
  typeof value !== 'object' || value === null || Object.keys(value).length === 0;

/** Plain JSON values as YAML: block style, everything that could be read differently in quotes. */
export function toYaml(value, indent = '') {
  if (isLeaf(value)) return `${indent}${scalar(value)}\n`;
  if (Array.isArray(value)) {
    return value.map((item) => `${indent}- ${toYaml(item, `${indent}  `).trimStart()}`).join('');
  }
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) =>
      isLeaf(item)
        ? `${indent}${scalar(key)}: ${scalar(item)}\n`
        : `${indent}${scalar(key)}:\n${toYaml(item, `${indent}  `)}`,
    )
    .join('');
}
