// A websocket that comes back: growing pauses from 0.3 to 5 s, and `address()` is asked anew each time,
// so that a hearing resumes behind the last event it has seen.
import { me } from "./api.js";

const FIRST_MS = 300;
const LONGEST_MS = 5000;
const REFUSED = 4001;
const FORBIDDEN = 4003;
const NO_SUCH_HEARING = 4004;

export class Socket {
  // onMessage gets parsed JSON and returns false to ask for a new connection; onState gets
  // "connecting" | "open" | "lost" | "missing" | "refused". `patience()` is how long (ms) the server may say nothing, 0: for ever.
  constructor(address, onMessage, onState, patience = () => 0, onForbidden = me) {
    Object.assign(this, { address, onMessage, onState, patience, onForbidden, wait: FIRST_MS });
    this.online = () => this.now();
    window.addEventListener("online", this.online);
    this.open();
  }

  open() {
    this.onState("connecting");
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}${this.address()}`);
    this.socket = socket;
    socket.onopen = () => this.opened();
    socket.onmessage = ({ data }) => socket === this.socket && this.heard(JSON.parse(data));
    socket.onclose = ({ code }) => socket === this.socket && this.lost(code);
  }

  opened() {
    this.onState("open");
    this.listen();
  }

  heard(message) {
    this.wait = FIRST_MS;
    this.listen();
    if (this.onMessage(message) === false) this.now();
  }

  // While a hearing is recorded the server speaks once a second. A cable that was pulled says nothing at all.
  listen() {
    clearTimeout(this.silence);
    const patience = this.patience();
    if (patience) this.silence = setTimeout(() => this.now(), patience);
  }

  lost(code) {
    clearTimeout(this.silence);
    if (code === FORBIDDEN) return this.forbidden();
    if (code === NO_SUCH_HEARING || code === REFUSED) return this.onState(code === REFUSED ? "refused" : "missing");
    this.onState("lost");
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(LONGEST_MS, this.wait * 2);
  }

  // The right was withdrawn, or the session is over: asking who one is then leads to the login page.
  async forbidden() {
    this.onState("missing");
    await Promise.resolve(this.onForbidden()).catch(() => {});
  }

  // Drops what there is and connects at once.
  now() {
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    const old = this.socket;
    this.socket = null;
    old.close();
    this.open();
  }

  stop() {
    window.removeEventListener("online", this.online);
    clearTimeout(this.retry);
    clearTimeout(this.silence);
    const old = this.socket;
    this.socket = null;
    old.close();
  }
}
