import { STRINGS } from './strings.js';

/** @typedef {'patient' | 'staff' | 'researcher'} Audience */
/** @typedef {'answered' | 'abstained' | 'referred' | 'call_today' | 'urgent'} Outcome */
/** @typedef {{role: 'user' | 'assistant', content: string}} Message */
/** @typedef {{text: string, document: string | null}} Disclaimer `document` is null for the general ones */
/**
 * @typedef {object} Reference
 * @property {string} marker
 * @property {string} text
 * @property {string | null} key
 * @property {string | null} url
 * @property {string | null} evidence
 * @property {string | null} doi
 * @property {string | null} pmid
 * @property {string | null} retracted that and when it was retracted, in words
 */
/** @typedef {{start: number, end: number, quote: string}} Quotation offsets count Unicode code points */
/**
 * @typedef {object} Provenance
 * @property {string} title
 * @property {string} evidence_level
 * @property {string | null} publisher
 * @property {string[]} authors
 * @property {string | null} date
 * @property {string | null} url
 * @property {string | null} kind
 * @property {string | null} licence
 * @property {{scheme: string, value: string}[]} identifiers
 * @property {string | null} retracted that and when it was retracted, in words
 * @property {string[]} notes
 */
/**
 * @typedef {object} CitationDetails
 * @property {string} document
 * @property {string[]} section
 * @property {Quotation[]} lead
 * @property {Reference[]} references
 * @property {Provenance} provenance
 * @property {Disclaimer[]} disclaimers
 * @property {number[]} pages none in a format without pages
 */
/** @typedef {Quotation & CitationDetails} Citation */
/**
 * @typedef {object} Answer
 * @property {string} question
 * @property {Audience} audience
 * @property {Outcome} outcome
 * @property {string} notice
 * @property {{text: string, citations: Citation[]}[]} statements
 * @property {string[]} cautions
 * @property {Citation[]} related
 * @property {Disclaimer[]} disclaimers
 * @property {string} generation
 * @property {string} policy
 */
/** @typedef {{kind: string, span: {start: number, end: number}, section: string[]}} Block */
/**
 * @typedef {object} SourceDocument
 * @property {string} id
 * @property {string} text
 * @property {Provenance} provenance
 * @property {Block[]} blocks
 * @property {Disclaimer[]} disclaimers
 */

/** A failure in words that may be shown to a reader. */
export class ApiError extends Error {
  /** @param {string} title @param {string} detail */
  constructor(title, detail) {
    super(`${title}: ${detail}`);
    this.name = 'ApiError';
    this.title = title;
    this.detail = detail;
  }

  static unusable() {
    return new ApiError(STRINGS.unusableTitle, STRINGS.unusableDetail);
  }
}

/**
 * Asks a question; the messages end with it.
 * @param {string} base address of the service, empty for the page's own origin
 * @param {Message[]} messages
 * @param {Audience} audience
 * @param {AbortSignal} signal
 * @returns {Promise<Answer>}
 */
export async function ask(base, messages, audience, signal) {
  const answer = await request(`${base}/v1/chat`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ messages, audience }),
    signal,
  });
  if (!mayBeShown(answer)) throw ApiError.unusable();
  return answer;
}

/**
 * Fetches a source as it was ingested.
 * @param {string} base
 * @param {string} id path inside the corpus; its slashes stay slashes
 * @param {AbortSignal} signal
 * @returns {Promise<SourceDocument>}
 */
export function fetchDocument(base, id, signal) {
  const path = id.split('/').map(encodeURIComponent).join('/');
  return request(`${base}/v1/documents/${path}`, { signal });
}

/**
 * The answer as the assistant's turn in the conversation: what was read as the answer, without citations.
 * @param {Answer} answer
 */
export function answerText(answer) {
  return [answer.notice, ...answer.statements.map((statement) => statement.text), ...answer.cautions]
    .filter(Boolean)
    .join('\n\n');
}

/**
 * The rules that an answer obeys when it leaves the server, checked again here: an answer that lost its notices or
 * its sources on the way must not be read.
 * @param {Answer} answer
 */
function mayBeShown(answer) {
  const carried = new Set(answer.disclaimers.map(disclaimerKey));
  const cited = [...answer.statements.flatMap((statement) => statement.citations), ...answer.related];
  return (
    Object.hasOwn(STRINGS.outcomes, answer.outcome) &&
    answer.disclaimers.some((disclaimer) => disclaimer.document === null && disclaimer.text.trim()) &&
    cited.every((citation) => citation.disclaimers.every((disclaimer) => carried.has(disclaimerKey(disclaimer)))) &&
    answer.statements.every((statement) => statement.citations.length > 0) &&
    (answer.outcome !== 'answered' || answer.statements.length > 0)
  );
}

/** @param {Disclaimer} disclaimer */
function disclaimerKey(disclaimer) {
  return JSON.stringify([disclaimer.document, disclaimer.text]);
}

/**
 * @param {string} url
 * @param {RequestInit} options
 * @returns {Promise<any>}
 */
async function request(url, options) {
  const response = await fetch(url, options).catch(networkFailure);
  const body = await response.json().catch(() => null);
  if (!response.ok) {
    throw new ApiError(
      String(body?.title || STRINGS.serverTitle(response.status)),
      String(body?.detail || STRINGS.serverDetail),
    );
  }
  if (body === null) throw ApiError.unusable();
  return body;
}

/** @returns {never} */
function networkFailure() {
  throw new ApiError(STRINGS.networkTitle, STRINGS.networkDetail);
}
