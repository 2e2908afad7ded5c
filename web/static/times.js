// Times as people read them.
const two = (number) => String(number).padStart(2, "0");

// 3723000 -> "01:02:03"
export function clock(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

// A UTC moment in ISO 8601 as local date and time, "" for none.
export function moment(iso) {
  if (!iso) return "";
  const at = new Date(iso);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

// The same of seconds since 1970.
export const momentOf = (seconds) => moment(new Date(seconds * 1000).toISOString());
