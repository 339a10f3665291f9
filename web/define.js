import { TemsiqaChat } from './temsiqa-chat.js';

customElements.define('temsiqa-chat', TemsiqaChat);
