// Asks for the record while the page's other modules are still on their way: hearing.html names this one first.
export const ID = decodeURIComponent(location.pathname.split("/")[2]);

// Where a view of this hearing comes from, behind the last event that was seen.
export const live = (after) => `/ws/hearings/${encodeURIComponent(ID)}?after=${after}`;

// A socket, and what came by it before somebody listened.
export const early = { socket: new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}${live(0)}`), heard: [], closed: null };
early.socket.onmessage = ({ data }) => early.heard.push(JSON.parse(data));
early.socket.onclose = ({ code }) => { early.closed = code; };
