/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Builds an element. Strings become text nodes: nothing that passes through here is parsed as markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | EventListener | null>} attributes functions listen to the event they are named after
 * @param {...Child} children what is null, undefined, false or empty is left out
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== null) element.setAttribute(name, value);
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/** Strokes on a 24 × 24 grid; drawn here because a strict content policy allows neither fonts nor data addresses. */
const ICONS = Object.freeze({
  answered: 'M4 4h6a2 2 0 0 1 2 2v14a2 2 0 0 0-2-2H4zM20 4h-6a2 2 0 0 0-2 2v14a2 2 0 0 1 2-2h6z',
  abstained:
    'M12 21.5a9.5 9.5 0 1 0 0-19 9.5 9.5 0 0 0 0 19zM9.2 9.3a2.9 2.9 0 1 1 4 2.7c-.8.4-1.2.9-1.2 1.8M12 17.2v.01',
  referred: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21a8 8 0 0 1 16 0',
  call_today: 'M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A16 16 0 0 1 3 6a3 3 0 0 1 3-3z',
  urgent: 'M8 2h8l6 6v8l-6 6H8l-6-6V8zM12 7v6M12 17v.01',
  failed: 'M12 3 2 20h20zM12 10v4M12 17v.01',
});

/**
 * A decorative icon: the words beside it say the same.
 * @param {keyof typeof ICONS} name
 */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  return svg;
}

/**
 * A link to an outside page, or plain text where the address is not one a browser should be sent to.
 * @param {string} address
 * @param {string} words
 */
export function outsideLink(address, words = address) {
  if (!/^https?:\/\//i.test(address)) return words;
  return h('a', { href: address, target: '_blank', rel: 'noopener noreferrer' }, words);
}
