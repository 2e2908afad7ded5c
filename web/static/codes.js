// Short codes: letters before the caret and Tab become what they stand for. The clerk's own count before those of this
// hearing, these before the standing ones. The clerk's own are kept in this browser, as her keys are.
const PLACE = "tingji.codes";
export const LONGEST = 500;
export const MOST = 2000;

// Questions and answers by role, short answers, and the standing sentences of court (court.md §3.1, §4.2).
export const STANDING = new Map(Object.entries({
  sw: "审判长问：", syw: "审判员问：", yd: "原告答：", bd: "被告答：", ydd: "原告代理人答：", bdd: "被告代理人答：", dsd: "第三人答：",
  gw: "公诉人问：", bhw: "辩护人问：", bgd: "被告人答：", zd: "证人答：", jd: "鉴定人答：",
  no: "没有意见。", wyy: "无异议。", yyy: "有异议。", ss: "属实。", bss: "不属实。", tql: "听清楚了。", bsq: "不申请回避。", bqc: "不清楚。",
  jbq: "记不清了。", mbc: "没有补充。", ysm: "以书面意见为准。", thtj: "庭后提交。", tqs: "与起诉状一致。",
}));
export const SENTENCES = new Map(Object.entries({
  fj: "现在宣布法庭纪律。", ql: "全体起立，请审判长、审判员、人民陪审员入庭。", bg: "报告审判长，当事人及诉讼代理人均已到庭，庭前准备工作就绪，可以开庭。",
  kt: "现在开庭。", hd: "现在核对当事人及诉讼代理人的身份。", sfyy: "各方对对方出庭人员身份有无异议？",
  gz: "宣布合议庭组成人员、法官助理、书记员名单；告知诉讼权利义务。听清楚了吗？", hb: "是否申请回避？",
  dc: "现在进行法庭调查。请原告陈述诉讼请求、事实和理由。", jz: "现在进行举证质证。", zr: "传证人到庭。", bz: "请宣读保证书。", dcj: "法庭调查结束。",
  bl: "现在进行法庭辩论。", blj: "法庭辩论终结。", zh: "请各方发表最后意见。", tj: "是否愿意调解？", xt: "现在休庭。", jx: "继续开庭，现在宣判：",
  bt: "请核对笔录，认为对自己的陈述记录有遗漏或者差错的，可以申请补正；当庭或者五日内阅读。闭庭。",
}));
const PAGE = /j(\d{1,3})y(\d{1,4})$/; // j2y35: volume and page
const RUN = /[a-z0-9]+$/;

export class Codes {
  constructor() {
    this.case = new Map();
    try {
      this.own = new Map(Object.entries(JSON.parse(localStorage.getItem(PLACE)) ?? {}));
    } catch {
      this.own = new Map();
    }
  }

  keep(own) {
    this.own = own;
    localStorage.setItem(PLACE, JSON.stringify(Object.fromEntries(own)));
  }

  // [code, text, whose], each code once, as it counts; `hides`: what it stands for elsewhere.
  get all() {
    const whose = [["own", this.own], ["case", this.case], ["standing", STANDING], ["sentence", SENTENCES]];
    const listed = new Map();
    for (const [source, codes] of whose) for (const [code, text] of codes) {
      if (!listed.has(code)) listed.set(code, { code, text, source, hides: null });
      else if (listed.get(code).text !== text) listed.get(code).hides ??= text;
    }
    return [...listed.values()];
  }

  of(code) {
    return this.own.get(code) ?? this.case.get(code) ?? STANDING.get(code) ?? SENTENCES.get(code);
  }

  // The longest code that ends this text: {start, text}, or null.
  before(text) {
    const page = PAGE.exec(text);
    if (page && !this.of(page[0])) return { start: page.index, text: `第${page[1]}卷第${page[2]}页` };
    const run = RUN.exec(text);
    for (let start = run?.index ?? text.length; start < text.length; start += 1) {
      const found = this.of(text.slice(start));
      if (found) return { start, text: found };
    }
    return null;
  }
}

// The lines of an input method's list: 搜狗 "code,1=短语", Rime "短语<Tab>code", 微软 and plain "code 短语". What is none
// of these comes back by its number.
export function readList(text) {
  const [codes, unread] = [new Map(), []];
  text.split(/\r?\n/).forEach((line, index) => {
    const found = lineOf(line.replace(/^\uFEFF/, "").trim());
    if (found && codes.size < MOST) codes.set(...found);
    else if (found === undefined) unread.push(index + 1);
  });
  return { codes, unread };
}

function lineOf(line) {
  if (!line || /^[;#]/.test(line)) return null;
  const sogou = /^([a-z][a-z0-9]*)\s*,\s*\d+\s*=\s*(.+)$/i.exec(line);
  const rime = /^([^\t]+)\t([a-z][a-z0-9]*)(?:\t.*)?$/i.exec(line);
  const plain = /^([a-z][a-z0-9]*)[\s,=]+(?:\d+\s+)?(.+)$/i.exec(line);
  const [code, text] = sogou ? [sogou[1], sogou[2]] : rime && /[^\x00-\x7f]/.test(rime[1]) ? [rime[2], rime[1]] : plain ? [plain[1], plain[2]] : [];
  return text && text.length <= LONGEST ? [code.toLowerCase(), text.trim()] : undefined;
}

// A file of any of the encodings that input methods write.
export async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
  if (wide) return new TextDecoder(wide).decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("gb18030").decode(bytes);
  }
}
