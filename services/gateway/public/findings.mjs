import { h } from './dom.mjs';

/** A refusal with what to do about it; `onAccept` is called with the codes the person accepted. */
export function refusalBox({ detail, todo, findings = [] }, onAccept) {
  const confirm = findings.filter(({ severity }) => severity === 'confirm');
  const acceptable = confirm.length > 0 && findings.every(({ severity }) => severity !== 'block');
  const boxes = new Map();
  const lines = findings.map((finding) => {
    if (!acceptable || finding.severity !== 'confirm') return findingLine(finding);
    const box = h('input', { type: 'checkbox' });
    boxes.set(box, finding.code);
    return h('label', { class: 'check' }, box, findingText(finding));
  });
  const again = () => {
    if ([...boxes.keys()].every((box) => box.checked)) onAccept([...new Set(boxes.values())]);
  };
  return h(
    'div',
    { class: 'answer' },
    h('p', {}, detail ?? ''),
    h('p', { class: 'faint' }, todo ?? ''),
    ...lines,
    acceptable ? h('button', { type: 'button', onclick: again }, 'I have read these: deploy') : '',
  );
}

const findingText = ({ code, message, todo, host }) =>
  `${code}: ${host === undefined ? '' : `${host}: `}${message} ${todo}`;

/** A finding to be read. */
export const findingLine = (finding) =>
  h('p', { class: finding.severity === 'block' ? 'status bad' : 'faint' }, findingText(finding));
