// A stage is proposed when the bench says the words that open it (court.md §4.2), and set by one key. The newest such
// words after the last stage count; what a party says proposes nothing. It is set now, never back in time: what screens
// may show goes by the stage.
import { html, nothing } from "./vendor/lit.js";
import * as api from "./api.js";
import { stagesOf } from "./courtroom.js";
import { court, t } from "./i18n.js";

const BENCH = /审判长|审判员|独任|法官|主持人/;
const CLERK = /书记员/;
const CUES = [
  ["庭前准备", CLERK, /宣布法庭(?:纪律|规则)|宣读法庭规则|请诉讼参加人入庭/],
  ["宣布开庭", BENCH, /现在(?:正式)?开庭|核对当事人.{0,10}身份|传被告人到庭/],
  ["恢复法庭调查", BENCH, /恢复法庭调查|补充法庭调查/],
  ["法庭调查", BENCH, /(?:现在|下面|接下来)(?:进行|开始|进入)法庭调查/],
  ["举证质证", BENCH, /(?:现在|下面|接下来)(?:进行|开始|进入)?举证质证|请(?:原告|公诉人).{0,8}(?:举证|出示证据)/],
  ["恢复法庭辩论", BENCH, /恢复法庭辩论/],
  ["法庭辩论", BENCH, /(?:现在|下面|接下来)(?:进行|开始|进入)法庭辩论|由公诉人发表公诉意见/],
  ["最后陈述", BENCH, /(?:请|由|现在).{0,8}最后陈述|发表最后意见/],
  ["调解", BENCH, /是否(?:愿意|同意)调解|(?:现在|下面)(?:进行|开始)调解/],
  ["休庭", BENCH, /现在休庭|休庭[一二三四五六七八九十\d]+分钟/],
  ["宣判", BENCH, /现在(?:当庭)?宣判|判决如下/],
  ["闭庭与核对", BENCH, /现在闭庭|请.{0,6}核对笔录/],
];
const ELSEWHEN = /刚才|上次|前次|之前|以后|之后|如果|待会|还没|尚未|不能|等一下/;
const QUESTION = /是不是|吗|什么|[？?]/;
const BEFORE = /刚才|上次|前次|如果|[我你他]说/; // in the clause before: quoted, not said
const FILLERS = /[呃嗯啊][，,]?|那个|(?<=现在|下面|接下来)，/g;
const CLAUSE = /[^，。？！；,.?!;]*[，。？！；,.?!;]?/g;
const LOOK_BACK = 300;
const place = (id) => `tingji.cues.${id}`;

// {name, words} of the last cue in this text, said by this role; null: none.
export function cueIn(text, role, names) {
  const clauses = [...text.replace(FILLERS, "").matchAll(CLAUSE)].map(([clause]) => clause);
  const found = clauses.flatMap((clause, index) => (BEFORE.test(clauses[index - 1] ?? "") || ELSEWHEN.test(clause) ? [] : CUES
    .filter(([name, who, words]) => names.includes(name) && who.test(role) && words.test(clause) && (name === "调解" || !QUESTION.test(clause)))
    .slice(0, 1).map(([name, , words]) => ({ name, words: words.exec(clause)[0] }))));
  return found.at(-1) ?? null;
}

export class Cues {
  constructor(page) {
    Object.assign(this, { page, seq: -1, found: null });
    this.left = JSON.parse(sessionStorage.getItem(place(page.id)) ?? "[]");
  }

  get proposed() {
    const { record } = this.page;
    if (!record.live || !this.page.caughtUp || !this.page.may("conduct")) return null;
    if (record.seq !== this.seq) Object.assign(this, { seq: record.seq, found: this.look(record) });
    return this.found && !this.left.includes(this.found.turn) ? this.found : null;
  }

  look(record) {
    const names = stagesOf(record.hearing.kind);
    const last = record.stages.at(-1);
    for (const row of record.rows.slice(-LOOK_BACK).reverse()) {
      if (last && row.at <= last.at) return null;
      const role = row.kind === "turn" && !row.turn.suppressed ? record.seat(row.turn.seat)?.role : null;
      const cue = role && cueIn(row.text, role, names);
      if (cue) return cue.name === last?.name ? null : { ...cue, key: row.key, turn: row.turn.id };
    }
    return null;
  }

  take() {
    const { proposed } = this;
    if (!proposed) return false;
    this.page.attempt(() => api.stage(this.page.id, proposed.name));
    return true;
  }

  leave() {
    const { proposed } = this;
    if (!proposed) return false;
    this.left = [...this.left, proposed.turn];
    sessionStorage.setItem(place(this.page.id), JSON.stringify(this.left));
    this.page.requestUpdate();
    return true;
  }
}

export function cueNote({ cues }) {
  const found = cues.proposed;
  return html`<div class="told cue" role="status">${found ? html`<p><span>${t("cue.proposed", court(found.name))}</span>
    <button type="button" data-act="cue-place" @click=${() => cues.page.reach(found.key)}>“${found.words}”</button>
    <button type="button" data-act="cue-take" aria-keyshortcuts="Shift+G" @click=${() => cues.take()}>${t("cue.take")} <kbd>Shift G</kbd></button>
    <button type="button" data-act="cue-leave" aria-keyshortcuts="Alt+G" @click=${() => cues.leave()}>${t("cue.leave")}</button></p>` : nothing}</div>`;
}
