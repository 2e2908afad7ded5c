// Where to go after signing in: only an address of ours, so that nobody is led away.
export const nextOf = (text) => (/^\/(?![/\\])/.test(text ?? "") ? text : "/");
