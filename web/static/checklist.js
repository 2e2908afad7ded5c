// What must not be forgotten in a trial (court.md D5, H2 to H4, H7): told by the words of the record, with their place.
// A state is done, open (its time has not come) or missing (it has). Pure functions of the record.
import { html, nothing, ref } from "./vendor/lit.js";
import { markButtons, marked, openingDuties } from "./duties.js";
import { court, t } from "./i18n.js";
import { Panel } from "./panel.js";
import { clock } from "./times.js";

const BENCH = /审判长|审判员|独任|法官/;
const WITNESS = /证人|鉴定人/;
const PARTY = /^((?:原告|被告人|被告|第三人|上诉人|被上诉人|公诉人)[一二三四五六七八九十甲乙丙丁]?)/; // 被告一 and 被告二 are two
const ASKED = /回避/;
// 诉讼权利义务, or rights and duties that are told; not those of a contract.
const RIGHTS = /诉讼(?:上的)?权利.{0,4}义务|(?:告知|享有|宣告)[^。；]{0,30}权利.{0,2}义务/;
// A bare "没有" counts only as the whole answer: 没有异议 is said of evidence.
const ANSWERED = /不申请|申请.{0,6}回避|不.{0,2}回避|^(?:没有|不需要|不|否)[。，]?$/;
// Told as a right at the opening it is not yet given (刑诉解释 art. 235 to 239).
const LAST = /^(?!.*(?:可以|有权|权利)).*最后(?:陈述|意见)/;
const BEHIND_OPENING = ["法庭调查", "举证质证", "法庭辩论", "最后陈述", "调解", "宣判", "闭庭与核对"];
const BEHIND_LAST = ["宣判", "闭庭与核对"];
const JUDGED = ["宣判", "宣读判决"];
const PLEA = /认罪认罚/;
// 刑诉法 art. 190: asked where a plea is spoken of; until the debate.
const PLEA_LINES = [["plea_told", /认罪认罚[^。；]{0,40}(?:规定|后果|权利|可以.{0,6}从宽)/], ["plea_free", /自愿[^。；]{0,6}(?:认罪|认罚|签署)|(?:认罪|认罚|具结)[^。；]{0,20}自愿/],
  ["plea_lawyer", /值班律师|辩护人.{0,12}(?:在场|见证)/]];
const BEHIND_PLEA = ["法庭辩论", "最后陈述", "宣判", "闭庭与核对"];
// 民诉法 art. 151: the right, its term and the court. What is told of another appeal (上诉人…, 不服一审判决上诉于本院) or of a
// payment's term (生效之日起十日内) is none of them: a line that is green too early is worse than one that a person must mark.
const TERM = "[二三四五六七八九十\\d]+(?:日|天)(?:之?内|以内)";
const APPEAL_LINES = [["appeal", /^(?!.*(?:不得|不能|不可)上诉).*(?:(?:如|若|可以|可在|可于|有权)[^。；]{0,60}上诉(?!人)|上诉权)/],
  ["term", new RegExp(`(?:不服|上诉(?!人))[^。；]{0,60}${TERM}|${TERM}[^。；]{0,40}上诉(?!人)`)],
  ["court", /上诉(?:于|至|到)(?!本院)[^。；]{0,20}法院|向(?!本院)[^。；]{0,20}(?:中级|高级|最高)[^。；]{0,6}法院[^。；]{0,10}上诉(?!人)/]];

const known = new WeakMap();

// The clerk's duties before the opening and what the words of the trial tell, each as a person marked it: a line is
// {id, of (a party, or ""), state, row (its proof, or where it is missing), mark}. Looked at again only when something came.
export function checklist(record) {
  if (known.get(record)?.seq !== record.seq) {
    const opening = record.hearing?.kind === "庭审" ? openingDuties(record) : [];
    known.set(record, { seq: record.seq, opening, trial: look(record).map((line) => marked(record, line)) });
  }
  return known.get(record);
}

function look(record) {
  const { kind: session } = record.hearing ?? {};
  if (session !== "庭审" && session !== "宣判") return [];
  const turns = record.rows.filter(({ kind, turn }) => kind === "turn" && !turn.suppressed).map((row) => ({ row, role: record.seat(row.turn.seat)?.role ?? "" }));
  if (session === "宣判") return appeal(record, turns);
  return [told(record, turns, "rights", RIGHTS, BEHIND_OPENING), ...answers(record, turns, "recusal", ASKED, ANSWERED, BEHIND_OPENING),
    ...plea(record, turns), ...pledge(turns), ...answers(record, turns, "last", LAST, /./, BEHIND_LAST), ...appeal(record, turns)];
}

const parties = ({ hearing }) => [...new Set(hearing.seats.map(({ role }) => PARTY.exec(role)?.[1]).filter(Boolean))];
const entered = (record, names) => record.stages.find(({ name }) => names.includes(name)) ?? null;
const state = (proof, late) => (proof ? "done" : late ? "missing" : "open");

function told(record, turns, id, words, before) {
  const proof = turns.find(({ role, row }) => BENCH.test(role) && words.test(row.text))?.row;
  const late = entered(record, before);
  return { id, of: "", state: state(proof, late), row: proof ?? late };
}

// The bench asks, and behind that each party says something that answers.
function answers(record, turns, id, asked, answered, before) {
  const from = turns.findIndex(({ role, row }) => BENCH.test(role) && asked.test(row.text));
  const late = entered(record, before);
  return parties(record).filter((party) => party !== "公诉人").map((party) => {
    const proof = from < 0 ? null : turns.slice(from + 1).find(({ role, row }) => PARTY.exec(role)?.[1] === party && answered.test(row.text))?.row;
    return { id, of: party, state: state(proof, late), row: proof ?? late };
  });
}

// Nothing to check before a witness speaks.
function pledge(turns) {
  const first = turns.findIndex(({ role }) => WITNESS.test(role));
  if (first < 0) return [];
  const proof = turns.find(({ row }, index) => Math.abs(index - first) < 10 && /保证书|如实作证/.test(row.text))?.row;
  return [{ id: "pledge", of: "", state: state(proof, true), row: proof ?? turns[first].row }];
}

// Only where somebody spoke of 认罪认罚.
function plea(record, turns) {
  return turns.some(({ row }) => PLEA.test(row.text)) ? PLEA_LINES.map(([id, words]) => told(record, turns, id, words, BEHIND_PLEA)) : [];
}

function appeal(record, turns) {
  const judged = entered(record, JUDGED);
  if (!judged) return [];
  const late = entered(record, ["闭庭与核对"]);
  const bench = turns.filter(({ role, row }) => row.at >= judged.at && BENCH.test(role));
  return APPEAL_LINES.map(([id, words]) => {
    const proof = bench.find(({ row }) => words.test(row.text))?.row;
    return { id, of: "", state: state(proof, late), row: proof ?? judged };
  });
}

const missing = ({ opening, trial }) => [...opening, ...trial].filter((one) => one.state === "missing").length;

export function checklistButton(page) {
  const count = page.caughtUp ? missing(checklist(page.record)) : 0;
  return ["庭审", "宣判"].includes(page.record.hearing.kind) ? html`<p class="more"><button type="button" class="link" data-act="checklist"
    @click=${() => page.querySelector("check-list").toggle()}>${t("duty.title")}</button> ${count ? html`<span class="count">${count}</span>` : nothing}</p>` : nothing;
}

export class CheckList extends Panel {
  static properties = { ...Panel.properties, stamp: {} };

  render() {
    if (!this.page?.caughtUp) return html`<dialog ${ref(this.dialog)}></dialog>`;
    const { opening, trial } = checklist(this.record);
    return html`<dialog class="side checklist" ${ref(this.dialog)} aria-labelledby="checklist-title" @keydown=${(event) => this.key(event)}>
      ${this.head("checklist-title", t("duty.title"))}
      ${this.dialog.value?.open ? html`<p class="soft">${t("duty.how")}</p>${opening.length ? html`<h3>${t("duty.opening")} <small class="soft">${t("duty.opening.how")}</small></h3>
      <ol>${opening.map((one) => this.line(one))}</ol>` : nothing}<h3>${t("duty.trial")}</h3><ol>${trial.map((one) => this.line(one))}</ol>` : nothing}</dialog>`;
  }

  line(one) {
    const { id, of, state: stands, row } = one;
    return html`<li data-check="${id}${of}" class=${stands}><span>${t(`duty.${id}`)} ${of ? court(of) : ""}</span> <b>${t(`duty.${stands}`)}</b>
      ${row ? html`<button type="button" class="link figure" @click=${() => this.page.reach(row.key)}>${clock(row.at)}</button>` : nothing} <span class="marks">${markButtons(this.page, one)}</span></li>`;
  }
}
customElements.define("check-list", CheckList);
