// The server's HTTP routes (docs/protocol.md §1). A refusal is thrown as its error object {code, zh, en}.
export const UNREACHABLE = {
  code: "unreachable",
  zh: "无法连接服务器，操作没有执行。请检查网络和服务器后重试。",
  en: "The server cannot be reached and nothing was done. Check the network and the server, then try again.",
};
export const UNREADABLE = {
  code: "unreadable",
  zh: "服务器的回答无法读取，请刷新页面后重试。",
  en: "The server's answer cannot be read. Load the page again and retry.",
};

// Only our own pages can send it (CSRF): the server asks for it with everything that changes something.
export const OURS = { "X-Tingji": "page" };

// Sign in, and come back here.
export const toLogin = () => location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);

async function ask(method, path, body, keepalive = false) {
  let answer;
  try {
    answer = await fetch(`/api${path}`, {
      method,
      keepalive,
      headers: body === undefined ? OURS : { ...OURS, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw UNREACHABLE;
  }
  const value = await answer.json().catch(() => null);
  if (value?.code === "not_signed_in" && !path.startsWith("/sign")) toLogin();
  if (!answer.ok) throw value?.zh ? value : UNREADABLE;
  return value;
}

const placeOf = ({ turn_id, change }) => ({ turn_id, at: change.at, after: change.after });
const of = (id) => `/hearings/${encodeURIComponent(id)}`;

export const cited = (text) => ask("POST", "/laws/cited", { text });
export const hearings = () => ask("GET", "/hearings");
export const hearing = (id) => ask("GET", of(id));
export const rights = (id) => ask("GET", `${of(id)}/rights`);
export const audit = (id) => ask("GET", id ? `${of(id)}/audit` : "/audit");
export const create = (body) => ask("POST", "/hearings", body);
export const change = (id, body) => ask("PUT", of(id), body);
export const start = (id, recorder) => ask("POST", `${of(id)}/start`, recorder ? { recorder } : {});
export const pause = (id, reason) => ask("POST", `${of(id)}/pause`, { reason });
export const resume = (id) => ask("POST", `${of(id)}/resume`);
export const close = (id, without) => ask("POST", `${of(id)}/close`, without ? { without_recorder: true } : {});
export const stage = (id, name) => ask("POST", `${of(id)}/stage`, { name });
export const markDuty = (id, mark) => ask("POST", `${of(id)}/duties`, mark);
export const restore = (id, turn) => ask("POST", `${of(id)}/turns/${encodeURIComponent(turn)}/restore`);
export const undoRestore = (id, turn) => ask("DELETE", `${of(id)}/turns/${encodeURIComponent(turn)}/restore`);
export const addWords = (id, words) => ask("POST", `${of(id)}/words`, { words });
export const removeWord = (id, text) => ask("POST", `${of(id)}/words/remove`, { text });
export const mendings = (id) => ask("GET", `${of(id)}/mendings`);
export const decide = (id, what, offers) => ask("POST", `${of(id)}/mendings/${what}`, { places: offers.map(placeOf) });
export const undoMending = (id, made) => ask("POST", `${of(id)}/mendings/undo`, placeOf(made));
const turnOf = (id, turn) => `${of(id)}/turns/${encodeURIComponent(turn)}`;
const offered = ({ turn_id, after }) => ({ turn_id, ...(after.seat ? { seat: after.seat } : { person: after.name }) });
export const giveTurn = (id, turn, target) => ask("POST", `${turnOf(id, turn)}/speaker`, target);
export const splitTurn = (id, turn, at) => ask("POST", `${turnOf(id, turn)}/split`, { at_word: at });
export const undoSplit = (id, turn) => ask("DELETE", `${turnOf(id, turn)}/split`);
export const editTurn = (id, turn, before, after) => ask("POST", `${turnOf(id, turn)}/text`, { before, after });
export const confirmTurn = (id, turn, text) => ask("POST", `${turnOf(id, turn)}/confirm`, { text });
export const unconfirmTurn = (id, turn) => ask("DELETE", `${turnOf(id, turn)}/confirm`);
export const tagTurn = (id, turn, tag) => ask("POST", `${turnOf(id, turn)}/tags`, { tag });
export const untagTurn = (id, turn, tag) => ask("POST", `${turnOf(id, turn)}/tags/remove`, { tag });
export const omit = (id, turn, pieces, anyway) => ask("POST", `${turnOf(id, turn)}/omissions`, anyway ? { pieces, anyway } : { pieces });
export const undoOmit = (id, turn, pieces) => ask("POST", `${turnOf(id, turn)}/omissions/remove`, { pieces });
export const joinTurns = (id, turn, second) => ask("POST", `${turnOf(id, turn)}/join`, { second });
export const undoJoin = (id, turn) => ask("DELETE", `${turnOf(id, turn)}/join`);
export const nameVoice = (id, label, target) => ask("POST", `${of(id)}/voices/name`, { label, ...target });
export const undoVoice = (id, label) => ask("POST", `${of(id)}/voices/undo`, { label });
export const enrolments = (id) => ask("GET", `${of(id)}/enrolments`);
export const enrol = (id, target, recorder) => ask("POST", `${of(id)}/enrolments`, recorder ? { ...target, recorder } : target);
export const stopEnrolling = (id) => ask("POST", `${of(id)}/enrolments/stop`);
export const withdrawVoice = (id, target) => ask("POST", `${of(id)}/enrolments/withdraw`, target);
export const speakers = (id) => ask("GET", `${of(id)}/speakers`);
export const decideSpeakers = (id, what, offers) => ask("POST", `${of(id)}/speakers/${what}`, { turns: offers.map(offered) });
export const undoSpeakers = (id, turns) => ask("POST", `${of(id)}/speakers/undo`, { turn_ids: turns });
export const paperUrl = (id) => `/api${of(id)}/papers`;
export const blankScreens = (id, kinds) => ask("POST", `${of(id)}/screens/blank`, { kinds });
export const lightScreens = (id, kinds) => ask("POST", `${of(id)}/screens/light`, { kinds });
export const blankingRules = (id) => ask("GET", `${of(id)}/screens/rules`);
export const ruleBlanking = (id, name, kinds) => ask("POST", `${of(id)}/screens/rules`, { name, kinds });
export const notes = (id) => ask("GET", `${of(id)}/notes`);
// Also while the page is left.
export const keepNote = (id, { id: note, ...body }) => ask("PUT", `${of(id)}/notes/${note}`, body, true);
export const deleteNote = (id, note) => ask("DELETE", `${of(id)}/notes/${note}`, undefined, true);
export const deleteNotes = (id) => ask("DELETE", `${of(id)}/notes`);
export const codes = (id) => ask("GET", `${of(id)}/codes`);
export const evidence = (id) => ask("GET", `${of(id)}/evidence`);
export const writeEvidence = (id, entry) => ask("POST", `${of(id)}/evidence`, entry);
export const documents = (id) => ask("GET", `${of(id)}/documents`);
export const documentUrl = (id, name, format, wanted) => `/api${of(id)}/documents/${name}/${format}?${new URLSearchParams(wanted)}`;
export const faults = (id) => ask("GET", `${of(id)}/faults`);
export const explainFaults = (id, body) => ask("POST", `${of(id)}/faults/explain`, body);
export const reviewFaults = (id, body) => ask("POST", `${of(id)}/faults/review`, body);
export const find = (id, query) => ask("POST", `${of(id)}/find`, query);
export const findAll = (query) => ask("POST", "/find", query);
export const peaks = (id, from, to, points) =>
  ask("GET", `${of(id)}/peaks?${new URLSearchParams({ from_ms: Math.round(from), to_ms: Math.round(to), points })}`);
export const ranges = (id) => ask("GET", `${of(id)}/ranges`);
export const recorders = () => ask("GET", "/recorders");
export const useDevice = (name, device) =>
  ask("POST", `/recorders/${encodeURIComponent(name)}/device`, { device });

export const archive = (id) => ask("GET", `${of(id)}/archive`);
export const beginArchive = (id, retention, passphrase) => ask("POST", `${of(id)}/archive`, { retention, passphrase });
export const archiveUrl = (id) => `/api${of(id)}/archive/zip`;
export const lateUrl = (id) => `/api${of(id)}/late`;
export const exportUrl = (id, format, reading) => `/api${of(id)}/export/${format}${reading ? `?${new URLSearchParams(reading)}` : ""}`;

export function audioUrl(id, from, to, channel) {
  const query = new URLSearchParams({ from_ms: Math.round(from), to_ms: Math.round(to) });
  if (channel !== null) query.set("channel", channel);
  return `/api${of(id)}/audio?${query}`;
}

export const me = () => ask("GET", "/me");
export const login = (name, password) => ask("POST", "/login", { name, password });
export const logout = () => ask("POST", "/logout");
export const first = (token, name, password) => ask("POST", "/first", { token, name, password });
export const choosePassword = (token, password) => ask("POST", "/password", { token, password });
export const changePassword = (old, fresh) => ask("POST", "/me/password", { old, new: fresh });

// The token behind the # leaves the address and is given up at once for a cookie.
export async function openLink() {
  const token = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
  if (token) await ask("POST", "/link", { token });
}

export const accounts = () => ask("GET", "/accounts");
export const addAccount = (name, roles) => ask("POST", "/accounts", { name, roles });
export const setRoles = (account, roles) => ask("POST", `/accounts/${account}/roles`, { roles });
export const resetAccount = (account) => ask("POST", `/accounts/${account}/reset`);
export const disableAccount = (account, off) => ask("POST", `/accounts/${account}/${off ? "disable" : "enable"}`);
export const recorderKeys = () => ask("GET", "/recorders/keys");
export const recorderCode = (name) => ask("POST", "/recorders/codes", { name });
export const withdrawRecorder = (name) => ask("POST", `/recorders/${encodeURIComponent(name)}/withdraw`);
export const people = (id) => ask("GET", `${of(id)}/people`);
export const addPerson = (id, account) => ask("POST", `${of(id)}/people`, { account });
export const removePerson = (id, account) => ask("POST", `${of(id)}/people/remove`, { account });
export const links = (id) => ask("GET", `${of(id)}/links`);
export const makeLink = (id, kind, label, hours) => ask("POST", `${of(id)}/links`, { kind, label, hours });
export const withdrawLink = (id, link) => ask("POST", `${of(id)}/links/${link}/withdraw`);

// The desk of one who reads and signs: by a link (no hearing), or by the account on this hearing.
const deskOf = (id) => (id ? `${of(id)}/sign` : "/sign");
export const desk = (id, seen, known) => ask("GET", `${deskOf(id)}?${new URLSearchParams({ seen, known })}`);
export const hasRead = (id, state) => ask("POST", `${deskOf(id)}/read`, state);
export const requestCorrection = (id, request) => ask("POST", `${deskOf(id)}/requests`, request);
export const sign = (id, signature) => ask("POST", `${deskOf(id)}/signature`, signature);
export const refuseToSign = (id, reason) => ask("POST", `${deskOf(id)}/refusal`, { reason });
export const partUrl = (id, { turn_id, start_ms, end_ms }) =>
  (id ? audioUrl(id, start_ms, end_ms, null) : `/api/sign/audio?${new URLSearchParams({ turn: turn_id, from_ms: start_ms, to_ms: end_ms })}`);

// The clerk's side of it.
const signing = (id) => `${of(id)}/signing`;
const signatory = (id, who) => `${signing(id)}/signatories/${encodeURIComponent(who)}`;
export const signatures = (id) => ask("GET", signing(id));
export const nameSeats = (id) => ask("POST", `${signing(id)}/seats`);
export const nameSignatory = (id, who) => ask("POST", `${signing(id)}/signatories`, who);
export const removeSignatory = (id, who) => ask("POST", `${signatory(id, who)}/remove`);
export const signatoryLink = (id, who) => ask("POST", `${signatory(id, who)}/link`);
export const signatoryDue = (id, who, days) => ask("POST", `${signatory(id, who)}/due`, { days });
export const passOver = (id, who, reason) => ask("POST", `${signatory(id, who)}/overdue`, { reason });
export const grantRequest = (id, request, body) => ask("POST", `${signing(id)}/requests/${encodeURIComponent(request)}/grant`, body);
export const refuseRequest = (id, request, body) => ask("POST", `${signing(id)}/requests/${encodeURIComponent(request)}/refuse`, body);
