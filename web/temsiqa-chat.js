/** @typedef {import('./api.js').Answer} Answer */
/** @typedef {import('./api.js').Audience} Audience */
/** @typedef {import('./api.js').Message} Message */
/** @typedef {'idle' | 'asking' | 'answered' | 'failed'} ChatState */
/** @typedef {CustomEvent<{question: string, audience: Audience}>} AskEvent */
/** @typedef {CustomEvent<{answer: Answer}>} AnswerEvent */
/** @typedef {CustomEvent<{error: ApiError}>} ErrorEvent */

import { renderAnswer, renderError } from './answer-view.js';
import { ApiError, answerText, ask } from './api.js';
import { h } from './dom.js';
import { SourceView } from './source-view.js';
import { STRINGS } from './strings.js';

/** Earlier turns sent along, enough for a follow-up to be understood without the request growing for ever. */
const HISTORY_TURNS = 6;

/**
 * A conversation about temsirolimus. Give it a height and the conversation scrolls inside it.
 *
 * @attr {string} api - address of the service; by default the page's own origin
 * @attr {Audience} audience - for whom the answers are, until the reader chooses; by default `patient`
 * @fires temsiqa-ask - {AskEvent} a question goes out
 * @fires temsiqa-answer - {AnswerEvent} its answer is on the screen
 * @fires temsiqa-error - {ErrorEvent} it failed; the element shows the error and a way to try again
 */
export class TemsiqaChat extends HTMLElement {
  static observedAttributes = ['audience'];

  /** @type {ChatState} */
  #state = 'idle';
  #request = new AbortController();
  /** @type {Message[]} questions that were answered, each followed by its answer */
  #history = [];
  /** @type {HTMLElement | null} the turn that waits for its answer */
  #waiting = null;
  /** @type {Map<string, HTMLElement>} failed turns by their question, gone when it is asked again */
  #failed = new Map();

  #box = h('textarea', {
    id: 'question',
    rows: '2',
    enterkeyhint: 'send',
    autocomplete: 'off',
    'aria-describedby': 'keys',
    keydown: (event) => this.#handleKey(/** @type {KeyboardEvent} */ (event)),
  });
  #audience = h(
    'select',
    { id: 'audience' },
    ...Object.entries(STRINGS.audiences).map(([value, words]) => h('option', { value }, words)),
  );
  #turns = h('div', { class: 'turns' });
  #status = h('div', { class: 'unseen', role: 'status' });
  #conversation = this.#buildConversation();
  #sources = new SourceView();

  constructor() {
    super();
    const parts = [this.#conversation, this.#buildComposer(), this.#status, this.#sources.element];
    const view = h('div', { class: 'chat' }, ...parts);
    view.hidden = true; // until it is styled; a stylesheet that does not arrive must not hide the words for good
    const reveal = () => (view.hidden = false);
    const style = h('link', {
      rel: 'stylesheet',
      href: new URL('./chat.css', import.meta.url).href,
      load: reveal,
      error: reveal,
    });
    this.attachShadow({ mode: 'open' }).append(style, view);
  }

  /** Where the conversation stands. */
  get state() {
    return this.#state;
  }

  attributeChangedCallback() {
    const wished = this.getAttribute('audience') ?? '';
    this.#audience.value = Object.hasOwn(STRINGS.audiences, wished) ? wished : 'patient';
  }

  disconnectedCallback() {
    if (this.#state !== 'asking') return;
    this.#supersede();
    this.#enter('idle', '');
  }

  /**
   * Asks a question as if the reader had typed it. A question still waiting for its answer is given up.
   * @param {string} question
   */
  async ask(question) {
    this.#supersede();
    this.#failed.get(question)?.remove();
    this.#failed.delete(question);
    if (this.#box.value.trim() === question) this.#box.value = '';
    const audience = /** @type {Audience} */ (this.#audience.value);
    const request = new AbortController();
    const turn = this.#addTurn(question);
    this.#request = request;
    this.#waiting = turn;
    this.#enter('asking', STRINGS.asking);
    this.#emit('ask', { question, audience });
    try {
      const messages = [...this.#history.slice(-2 * HISTORY_TURNS), message('user', question)];
      const answer = await ask(this.getAttribute('api') ?? '', messages, audience, request.signal);
      if (!request.signal.aborted) this.#showAnswer(turn, question, answer);
    } catch (error) {
      if (request.signal.aborted) return;
      if (!(error instanceof ApiError)) reportError(error);
      this.#showError(turn, question, error instanceof ApiError ? error : ApiError.unusable());
    }
  }

  #buildConversation() {
    return h(
      'div',
      { class: 'conversation', tabindex: '0', role: 'region', 'aria-label': STRINGS.conversation },
      h(
        'aside',
        { class: 'about', 'aria-label': STRINGS.about },
        h('p', {}, STRINGS.aboutText),
        h('p', {}, h('strong', {}, STRINGS.emergency)),
      ),
      this.#turns,
    );
  }

  #buildComposer() {
    return h(
      'form',
      { class: 'composer', submit: (event) => this.#handleSubmit(event) },
      h('label', { for: 'question' }, STRINGS.question),
      h('div', { class: 'row' }, this.#box, h('button', { class: 'ask' }, STRINGS.ask)),
      h(
        'div',
        { class: 'small' },
        h('span', { class: 'audience' }, h('label', { for: 'audience' }, STRINGS.audience), ' ', this.#audience),
        h('span', { id: 'keys' }, STRINGS.keys),
      ),
    );
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    this.#handleSubmit(event);
  }

  /** @param {Event} event */
  #handleSubmit(event) {
    event.preventDefault();
    const question = this.#box.value.trim();
    if (question === '') {
      this.#box.focus();
      return;
    }
    this.ask(question);
  }

  /** Gives up the question that waits, if one does; its words stay to be read. */
  #supersede() {
    this.#request.abort();
    if (this.#waiting) settle(this.#waiting, h('p', { class: 'pending' }, STRINGS.superseded));
    this.#waiting = null;
  }

  /** @param {string} question */
  #addTurn(question) {
    const turn = h(
      'div',
      { class: 'turn' },
      h('h2', { class: 'question' }, question),
      h('p', { class: 'pending waiting' }, STRINGS.asking),
    );
    this.#turns.append(turn);
    turn.scrollIntoView();
    return turn;
  }

  /** @param {HTMLElement} turn @param {string} question @param {Answer} answer */
  #showAnswer(turn, question, answer) {
    const base = this.getAttribute('api') ?? '';
    const article = renderAnswer(answer, (citation, opener) => this.#sources.open(base, citation, opener));
    settle(turn, article);
    this.#history.push(message('user', question), message('assistant', answerText(answer)));
    const urgent = answer.outcome === 'urgent';
    (urgent ? article : turn).scrollIntoView();
    // An urgent answer announces itself: it is an alert.
    this.#enter('answered', urgent ? '' : `${STRINGS.outcomes[answer.outcome]}. ${answerText(answer)}`);
    this.#emit('answer', { answer });
  }

  /** @param {HTMLElement} turn @param {string} question @param {ApiError} error */
  #showError(turn, question, error) {
    settle(turn, renderError(error, () => this.#retry(question)));
    this.#failed.set(question, turn);
    if (this.#box.value === '') this.#box.value = question; // perhaps it has to be put otherwise
    turn.scrollIntoView();
    this.#enter('failed', '');
    this.#emit('error', { error });
  }

  /** @param {string} question */
  #retry(question) {
    this.ask(question);
    this.#conversation.focus(); // the button that had the focus is gone
  }

  /** @param {ChatState} state @param {string} announcement */
  #enter(state, announcement) {
    this.#state = state;
    if (state !== 'asking') this.#waiting = null;
    this.#status.textContent = announcement;
  }

  /** @param {'ask' | 'answer' | 'error'} name @param {object} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(`temsiqa-${name}`, { detail, bubbles: true, composed: true }));
  }
}

/**
 * Puts what became of a turn's question in the place of what stood there while it waited.
 * @param {HTMLElement} turn
 * @param {HTMLElement} outcome
 */
function settle(turn, outcome) {
  turn.lastElementChild?.replaceWith(outcome);
}

/**
 * @param {Message['role']} role
 * @param {string} content
 * @returns {Message}
 */
function message(role, content) {
  return { role, content };
}
