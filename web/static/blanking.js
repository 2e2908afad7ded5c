// What the screens outside are not shown (casefile/blanking.py): which kinds are dark now, and what keeps them so.
export const SCREEN_KINDS = ["gallery", "screen", "party", "witness"];

export class Blanking {
  constructor() {
    this.dark = new Map(); // kind -> causes
    this.rules = new Map(); // name of a stage or pause -> kinds, as the clerk chose
  }

  isDark(kind) {
    return this.dark.has(kind);
  }

  get all() {
    return SCREEN_KINDS.every((kind) => this.dark.has(kind));
  }
}

export const BLANKING_HANDLERS = {
  ScreensBlanked({ blanking }, { kinds, cause }) {
    for (const kind of kinds) blanking.dark.set(kind, new Set([...(blanking.dark.get(kind) ?? []), cause]));
  },
  ScreensLit({ blanking }, { kinds, cause }) {
    for (const kind of kinds) {
      const causes = blanking.dark.get(kind);
      causes?.delete(cause);
      if (cause === "hand" || !causes?.size) blanking.dark.delete(kind);
    }
  },
  BlankingRuled({ blanking }, { rule }) {
    blanking.rules.set(rule.name, rule.kinds);
  },
};
