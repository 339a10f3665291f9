/** @typedef {import('./api.js').Answer} Answer */
/** @typedef {import('./api.js').Citation} Citation */
/** @typedef {import('./api.js').Reference} Reference */
/** @typedef {(citation: Citation, opener: HTMLElement) => void} OpenSource */

import { h, icon, outsideLink } from './dom.js';
import { STRINGS } from './strings.js';

/**
 * The whole answer. Disclaimers stand between the answer and its sources, where nobody scrolls past them unread.
 * @param {Answer} answer
 * @param {OpenSource} openSource
 */
export function renderAnswer(answer, openSource) {
  return h(
    'article',
    { class: `answer ${answer.outcome}`, 'aria-label': STRINGS.outcomes[answer.outcome] },
    renderOutcome(answer),
    ...renderStatements(answer, openSource),
    renderCautions(answer),
    renderDisclaimers(answer),
    renderSources(answer, openSource),
    renderRelated(answer, openSource),
  );
}

/**
 * A failure, with a way to try again. Whoever asked may be in trouble, so the emergency line stands here too.
 * @param {{title: string, detail: string}} error
 * @param {() => void} retry
 */
export function renderError(error, retry) {
  return h(
    'div',
    { class: 'answer failed', role: 'alert' },
    h('h3', {}, icon('failed'), error.title),
    h('p', {}, error.detail),
    h('p', {}, STRINGS.emergency),
    h('button', { type: 'button', class: 'retry', click: retry }, STRINGS.retry),
  );
}

/**
 * The evidence level in plain words.
 * @param {string} level
 */
export function evidenceWords(level) {
  const words = /** @type {Record<string, string>} */ (STRINGS.evidence);
  return Object.hasOwn(words, level) ? words[level] : level;
}

/**
 * What nobody may miss on something that was retracted: the word, and what is known of it.
 * @param {string} words
 */
export function retractionMark(words) {
  return h('span', { class: 'retraction' }, h('strong', {}, STRINGS.retracted), ` ${words}`);
}

/** @param {string} text */
function heading(text) {
  return h('h4', {}, text);
}

/** @param {(import('./dom.js').Child)[]} items */
function bullets(items) {
  return h('ul', {}, ...items.map((item) => h('li', {}, item)));
}

/** @param {Answer} answer */
function renderOutcome(answer) {
  return h(
    'div',
    { class: 'outcome', role: answer.outcome === 'urgent' ? 'alert' : null },
    h('h3', {}, icon(answer.outcome), STRINGS.outcomes[answer.outcome]),
    answer.notice && h('p', { class: 'notice' }, answer.notice),
  );
}

/** @param {Answer} answer @param {OpenSource} openSource */
function renderStatements(answer, openSource) {
  let number = 0;
  return answer.statements.map(({ text, citations }) => {
    const buttons = citations.map((citation) => citeButton(citation, ++number, openSource));
    const retracted = citations.find(({ provenance }) => provenance.retracted)?.provenance.retracted;
    const cites = h('span', { class: 'cites' }, ...buttons);
    return h('p', { class: 'statement' }, text, ' ', cites, retracted && retractionMark(retracted));
  });
}

/** @param {Citation} citation @param {number} number @param {OpenSource} openSource */
function citeButton(citation, number, openSource) {
  return sourceButton(
    citation,
    { class: 'cite', 'aria-label': STRINGS.citationLabel(number, citation.provenance.title) },
    h('span', {}, `[${number}]`),
    openSource,
  );
}

/**
 * @param {Citation} citation
 * @param {Record<string, string>} attributes
 * @param {Node | string} content
 * @param {OpenSource} openSource
 */
function sourceButton(citation, attributes, content, openSource) {
  const button = h('button', { type: 'button', 'aria-haspopup': 'dialog', ...attributes }, content);
  button.addEventListener('click', () => openSource(citation, button));
  return button;
}

/** @param {Answer} answer */
function renderCautions({ cautions }) {
  return cautions.length > 0 && h('section', { class: 'cautions' }, heading(STRINGS.cautions), bullets(cautions));
}

/** @param {Answer} answer */
function renderDisclaimers(answer) {
  const cited = [...answer.statements.flatMap((statement) => statement.citations), ...answer.related];
  const titles = new Map(cited.map((citation) => [citation.document, citation.provenance.title]));
  const items = answer.disclaimers.map(({ text, document }) =>
    document === null ? h('p', {}, text) : h('p', {}, h('strong', {}, `${titles.get(document) ?? document}: `), text),
  );
  return h('section', { class: 'disclaimers' }, heading(STRINGS.disclaimers), bullets(items));
}

/** @param {Answer} answer @param {OpenSource} openSource */
function renderSources(answer, openSource) {
  const citations = answer.statements.flatMap((statement) => statement.citations);
  if (citations.length === 0) return null;
  const items = citations.map((citation, index) => renderSource(citation, `[${index + 1}] `, openSource));
  return h('section', { class: 'sources' }, heading(STRINGS.sources), bullets(items));
}

/** @param {Answer} answer @param {OpenSource} openSource */
function renderRelated(answer, openSource) {
  if (answer.related.length === 0) return null;
  const items = answer.related.map((citation) => {
    const words = [...citation.lead.map((lead) => lead.quote), citation.quote].join(' … ');
    return h('div', {}, h('blockquote', {}, words), renderSource(citation, '', openSource));
  });
  return h('section', { class: 'related' }, heading(STRINGS.related), bullets(items));
}

/** @param {Citation} citation @param {string} number @param {OpenSource} openSource */
function renderSource(citation, number, openSource) {
  const { title, evidence_level: level, publisher, date, retracted } = citation.provenance;
  const attributes = { class: 'show', 'aria-label': STRINGS.passageLabel(title) };
  return h(
    'div',
    { class: 'source' },
    h('p', { class: 'title' }, number, title),
    retracted && h('p', {}, retractionMark(retracted)),
    h('p', { class: 'meta' }, h('span', { class: 'level' }, evidenceWords(level)), ...[publisher, date].map(afterDot)),
    renderPlace(citation),
    ...renderReferences(citation),
    sourceButton(citation, attributes, STRINGS.showPassage, openSource),
  );
}

/** @param {string | null} part */
function afterDot(part) {
  return part && ` · ${part}`;
}

/** @param {Citation} citation */
function renderPlace({ section, pages }) {
  const places = [
    section.length > 0 && `${STRINGS.section}: ${section.join(' › ')}`,
    pages.length > 0 && STRINGS.pages(pages),
  ].filter(Boolean);
  return places.length > 0 && h('p', { class: 'meta' }, places.join(' · '));
}

/** @param {Citation} citation */
function renderReferences(citation) {
  if (citation.references.length === 0) return [];
  return [h('p', { class: 'meta' }, STRINGS.cites), bullets(citation.references.map(renderReference))];
}

/** @param {Reference} reference */
function renderReference(reference) {
  const { marker, text, evidence, retracted } = reference;
  const words = `[${marker}] ${text}${evidence ? ` (${evidence})` : ''}`;
  const marks = [...referenceLinks(reference), retracted && retractionMark(retracted)];
  return h('span', {}, words, ...marks.flatMap((mark) => mark && [' ', mark]));
}

/**
 * By DOI and PMID where they are known, else by its address.
 * @param {Reference} reference
 */
function referenceLinks({ doi, pmid, url }) {
  return [
    doi && outsideLink(`https://doi.org/${doi.split('/').map(encodeURIComponent).join('/')}`, `doi:${doi}`),
    pmid && outsideLink(`https://pubmed.ncbi.nlm.nih.gov/${encodeURIComponent(pmid)}/`, `PMID ${pmid}`),
    !doi && !pmid && url && outsideLink(url),
  ].filter((link) => typeof link === 'string' || link instanceof Node);
}
