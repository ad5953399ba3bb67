/** What a comparison of versions answers: older, same age, newer. */
export type Order = -1 | 0 | 1;

/**
 * Compares two version (or release) strings exactly as rpm does.
 *
 * Both strings are read side by side as segments of digits or of letters; anything else only separates. At each place the
 * order is: `~` before the end of the string, the end before `^`, `^` before letters, letters before digits.
 * Bytes outside ASCII separate too, because rpm looks at bytes: 1.1.α and 1.1.β are of the same age.
 */
export function rpmvercmp(a: string, b: string): Order {
  if (a === b) return 0;
  let left = skipSeparators(a);
  let right = skipSeparators(b);
  while (left !== '' || right !== '') {
    const marks = compareMark(left, right);
    if (marks !== 'none') {
      if (marks !== 'both') return marks;
      left = skipSeparators(left.slice(1));
      right = skipSeparators(right.slice(1));
      continue;
    }
    if (left === '' || right === '') break;
    const leftSegment = firstSegment(left);
    const rightSegment = firstSegment(right);
    const order = compareSegments(leftSegment, rightSegment);
    if (order !== 0) return order;
    left = skipSeparators(left.slice(leftSegment.length));
    right = skipSeparators(right.slice(rightSegment.length));
  }
  return orderOf(left.length, right.length);
}

function skipSeparators(text: string): string {
  return text.replace(/^[^A-Za-z0-9~^]+/, '');
}

function firstSegment(text: string): string {
  return /^(?:[0-9]+|[A-Za-z]+)/.exec(text)?.[0] ?? '';
}

/** Tilde sorts before everything, even the end; caret after the end but before any further segment. */
function compareMark(left: string, right: string): Order | 'both' | 'none' {
  const tilde = presence(left, right, '~');
  if (tilde !== 'none') return tilde === 'left' ? -1 : tilde === 'right' ? 1 : 'both';
  const caret = presence(left, right, '^');
  if (caret === 'left') return right === '' ? 1 : -1;
  if (caret === 'right') return left === '' ? -1 : 1;
  return caret;
}

function presence(left: string, right: string, mark: string): 'left' | 'right' | 'both' | 'none' {
  if (left.startsWith(mark)) return right.startsWith(mark) ? 'both' : 'left';
  return right.startsWith(mark) ? 'right' : 'none';
}

function compareSegments(left: string, right: string): Order {
  const leftNumeric = isNumeric(left);
  if (leftNumeric !== isNumeric(right)) return leftNumeric ? 1 : -1;
  return leftNumeric ? compareNumbers(left, right) : orderOf(left, right);
}

function isNumeric(segment: string): boolean {
  return /^[0-9]/.test(segment);
}

/** Numbers are compared as text: a build date with a counter behind it is longer than any number type is exact for. */
function compareNumbers(left: string, right: string): Order {
  const significantLeft = left.replace(/^0+/, '');
  const significantRight = right.replace(/^0+/, '');
  const byLength = orderOf(significantLeft.length, significantRight.length);
  return byLength !== 0 ? byLength : orderOf(significantLeft, significantRight);
}

function orderOf<T extends string | number>(left: T, right: T): Order {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
