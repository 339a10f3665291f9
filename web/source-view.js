/** @typedef {import('./api.js').Citation} Citation */
/** @typedef {import('./api.js').SourceDocument} SourceDocument */
/** @typedef {import('./api.js').Block} Block */

import { evidenceWords, renderError, retractionMark } from './answer-view.js';
import { ApiError, fetchDocument } from './api.js';
import { h, outsideLink } from './dom.js';
import { STRINGS } from './strings.js';

/** The dialog that shows a whole source with the quoted passage marked in it. */
export class SourceView {
  #title = h('h2', { id: 'source-title' });
  #body = h('div', { class: 'source-body', tabindex: '0', role: 'region', 'aria-label': STRINGS.sourceText });
  #foot = h('div', { class: 'source-foot', tabindex: '0', role: 'region', 'aria-label': STRINGS.sourceDisclaimers });
  #close = h('button', { type: 'button', class: 'close', click: () => this.element.close() }, STRINGS.close);
  #request = new AbortController();
  /** @type {HTMLElement | null} */
  #opener = null;

  constructor() {
    this.element = h(
      'dialog',
      { 'aria-labelledby': 'source-title', close: () => this.#handleClose() },
      h('div', { class: 'source-head' }, this.#title, this.#close),
      this.#body,
      this.#foot,
    );
  }

  /**
   * @param {string} base address of the service
   * @param {Citation} citation
   * @param {HTMLElement} opener gets the focus back
   */
  open(base, citation, opener) {
    this.#opener = opener;
    this.#title.textContent = citation.provenance.title;
    this.element.showModal();
    this.#load(base, citation);
  }

  /** @param {string} base @param {Citation} citation */
  async #load(base, citation) {
    const request = new AbortController();
    this.#request = request;
    this.#body.replaceChildren(h('p', { role: 'status' }, STRINGS.loadingSource));
    this.#foot.hidden = true;
    try {
      const source = await fetchDocument(base, citation.document, request.signal);
      if (!request.signal.aborted) this.#show(source, citation);
    } catch (error) {
      if (request.signal.aborted) return;
      if (!(error instanceof ApiError)) reportError(error);
      const shown = error instanceof ApiError ? error : ApiError.unusable();
      this.#body.replaceChildren(renderError(shown, () => this.#load(base, citation)));
    }
  }

  /** @param {SourceDocument} source @param {Citation} citation */
  #show(source, citation) {
    const points = Array.from(source.text); // offsets count code points, JavaScript strings count UTF-16 units
    const stands = slice(points, citation.start, citation.end) === citation.quote;
    const text = h('div', { class: 'source-text' }, ...renderBlocks(points, source.blocks, stands ? citation : null));
    const verdict = stands
      ? h('p', { class: 'verdict' }, STRINGS.quoteMarked)
      : h(
          'div',
          { class: 'verdict mismatch', role: 'alert', tabindex: '-1' },
          h('p', {}, STRINGS.quoteMissing),
          h('blockquote', {}, citation.quote),
        );
    this.#body.replaceChildren(renderProvenance(source), verdict, text);
    this.#foot.replaceChildren(...source.disclaimers.map((disclaimer) => h('p', {}, disclaimer.text)));
    this.#foot.hidden = source.disclaimers.length === 0;

    const target = text.querySelector('mark') ?? verdict;
    target.scrollIntoView({ block: 'center' });
    target.focus({ preventScroll: true });
  }

  #handleClose() {
    this.#request.abort();
    this.#body.replaceChildren();
    this.#opener?.focus(); // not every browser focuses a button that is clicked, so the dialog cannot return to it
  }
}

/** @param {SourceDocument} source */
function renderProvenance({ provenance }) {
  const names = STRINGS.provenance;
  /** @type {[string, import('./dom.js').Child][]} */
  const rows = [
    [names.evidence_level, evidenceWords(provenance.evidence_level)],
    [names.kind, provenance.kind],
    [names.publisher, provenance.publisher],
    [names.authors, provenance.authors.join(', ')],
    [names.date, provenance.date],
    [names.url, provenance.url && outsideLink(provenance.url)],
    [names.identifiers, provenance.identifiers.map(({ scheme, value }) => `${scheme} ${value}`).join(', ')],
    [names.licence, provenance.licence && outsideLink(provenance.licence)],
    [names.notes, provenance.notes.join(' ')],
  ];
  const known = rows.filter(([, value]) => value);
  return h(
    'section',
    { class: 'provenance', 'aria-label': STRINGS.aboutSource },
    provenance.retracted && h('p', {}, retractionMark(provenance.retracted)),
    h('dl', {}, ...known.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
  );
}

/**
 * The whole text: the blocks and, so that nothing of the source is left out, what stands between them.
 * @param {string[]} points
 * @param {Block[]} blocks
 * @param {{start: number, end: number} | null} marked
 */
function renderBlocks(points, blocks, marked) {
  const elements = [];
  let position = 0;
  for (const block of blocks) {
    const start = Math.max(block.span.start, position);
    const end = Math.max(block.span.end, start);
    elements.push(renderPiece('p', points, position, start, marked));
    elements.push(renderPiece(tagOf(block), points, start, end, marked));
    position = end;
  }
  elements.push(renderPiece('p', points, position, points.length, marked));
  return elements.filter((element) => element !== null);
}

/**
 * @param {Block} block
 * @returns {'h3' | 'h4' | 'h5' | 'p'}
 */
function tagOf(block) {
  if (block.kind !== 'heading') return 'p';
  return block.section.length < 2 ? 'h3' : block.section.length === 2 ? 'h4' : 'h5';
}

/**
 * @param {'h3' | 'h4' | 'h5' | 'p'} tag
 * @param {string[]} points
 * @param {number} start
 * @param {number} end
 * @param {{start: number, end: number} | null} marked
 */
function renderPiece(tag, points, start, end, marked) {
  if (slice(points, start, end).trim() === '') return null;
  const from = clamp(marked?.start ?? end, start, end);
  const to = clamp(marked?.end ?? end, from, end);
  return h(
    tag,
    {},
    slice(points, start, from),
    to > from && h('mark', { tabindex: '-1' }, slice(points, from, to)),
    slice(points, to, end),
  );
}

/** @param {string[]} points @param {number} start @param {number} end */
function slice(points, start, end) {
  return points.slice(start, end).join('');
}

/** @param {number} value @param {number} low @param {number} high */
function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}
