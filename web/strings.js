/** Every word the element itself says; all other text on the screen comes from the server or from the reader. */
export const STRINGS = Object.freeze({
  about: 'About these answers',
  aboutText:
    'Answers are taken from the published literature on temsirolimus, with their sources. ' +
    'They are information, not medical advice, and they know nothing about you.',
  emergency: 'In an emergency, contact your local emergency number.',
  conversation: 'Conversation',
  question: 'Your question about temsirolimus',
  keys: 'Enter sends, Shift+Enter starts a new line.',
  ask: 'Ask',
  audience: 'Answers for',
  audiences: Object.freeze({
    patient: 'patients and families',
    staff: 'clinical staff',
    researcher: 'researchers',
  }),
  asking: 'Looking in the literature…',
  superseded: 'Not answered: another question was asked first.',

  outcomes: Object.freeze({
    answered: 'From the literature',
    abstained: 'The literature here does not say',
    referred: 'A question for your care team',
    call_today: 'Call your cancer team today',
    urgent: 'Urgent: get help now',
  }),
  cautions: 'Take care with this answer',
  disclaimers: 'Please note',
  sources: 'Sources',
  related: 'Related, not an answer',
  section: 'Section',
  /** @param {number[]} pages */
  pages: (pages) => (pages.length > 1 ? `pp. ${pages[0]}–${pages[pages.length - 1]}` : `p. ${pages[0]}`),
  retracted: 'Retracted',
  cites: 'The quoted text itself cites:',
  showPassage: 'Show the passage',
  /** @param {number} number @param {string} title */
  citationLabel: (number, title) => `[${number}] Show the source: ${title}`,
  /** @param {string} title */
  passageLabel: (title) => `Show the passage in: ${title}`,
  evidence: Object.freeze({
    label: 'Official prescribing information',
    guideline: 'Treatment guideline',
    'randomised trial': 'Randomised clinical trial',
    trial: 'Clinical trial, not randomised',
    review: 'Review of published studies',
    preclinical: 'Laboratory or animal research, not people',
    'vendor note': 'Note by a company that sells the substance',
    encyclopaedia: 'Encyclopaedia article',
    unverified: 'Unverified text',
  }),

  close: 'Close',
  loadingSource: 'Opening the source…',
  quoteMarked: 'The quoted passage is marked in the text below.',
  quoteMissing:
    'The quoted words do not stand at this place of the source, so nothing is marked. ' +
    'Do not rely on this citation. What was quoted:',
  aboutSource: 'About this source',
  sourceText: 'Text of the source',
  sourceDisclaimers: 'Notices of this source',
  provenance: Object.freeze({
    evidence_level: 'Kind of evidence',
    publisher: 'Publisher',
    authors: 'Authors',
    date: 'Date',
    kind: 'Kind of text',
    url: 'Address',
    identifiers: 'Identifiers',
    licence: 'Licence',
    notes: 'Notes',
  }),

  retry: 'Try again',
  networkTitle: 'No connection to the service',
  networkDetail: 'Check the connection and try again. Your question is kept.',
  /** @param {number} status */
  serverTitle: (status) => `The service could not reply (error ${status})`,
  serverDetail: 'Please try again in a moment.',
  unusableTitle: 'This reply cannot be shown',
  unusableDetail: 'It arrived damaged, or without the notices and sources that must come with it.',
});
