// Where to go after signing in: only an address of ours, so that nobody is led away. As the browser will read it
// (WHATWG URL: it drops tabs and takes \ for /), not as it is written.
export function nextOf(text) {
  try {
    const { href, origin } = new URL(text ?? "/", location.origin);
    return origin === location.origin ? href : "/";
  } catch {
    return "/";
  }
}
