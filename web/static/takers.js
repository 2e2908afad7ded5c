// What the live websocket tells, taken in by a page that shows the record as it grows. `more`: takers of this page's
// own; `stored`: told the type of every stored event.
export function takers(more, stored = () => {}) {
  const all = {
    events: (page, { events }) => events.every((event) => all.event(page, event) !== false),
    event(page, message) {
      const whole = page.record.take(message);
      const { type, turn, missed } = message.event;
      const spoken = turn ?? missed;
      const line = spoken && page.tentative.get(spoken.channel);
      if (line && line.start_ms < spoken.end_ms) page.tentative.delete(spoken.channel);
      if (type === "TurnAdded" && page.tail && !page.tail.held) page.unseen += 1;
      stored(page, type);
      return whole;
    },
    tentative(page, message) {
      if (message.text) page.tentative.set(message.channel, message);
      else page.tentative.delete(message.channel);
    },
    ...more,
  };
  return all;
}
