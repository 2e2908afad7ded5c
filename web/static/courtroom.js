// What a courtroom looks like before anyone has changed it: kinds, roles, usual seats and stages (court.md §4).
export const KINDS = [
  "庭审", "庭前会议", "证据交换", "询问", "调解", "听证", "执行", "接访", "合议", "专业法官会议", "审委会", "宣判",
];
export const SECRECY = ["公开", "不公开", "审判工作秘密"];
export const PAUSE_REASONS = ["休庭", "不公开举证质证", "不宜录制的调解"];

export const SHORT = {
  审判长: "审", 审判员: "审", 独任审判员: "审", 人民陪审员: "陪", 法官助理: "助", 书记员: "书", 原告: "原", 被告: "被",
  第三人: "三", 上诉人: "上", 被上诉人: "被上", 再审申请人: "再申", 申请人: "申", 被申请人: "被申", 法定代表人: "法代",
  法定代理人: "法定", 原告代理人: "原代", 被告代理人: "被代", 公诉人: "公", 被告人: "被告人", 辩护人: "辩", 被害人: "害",
  证人: "证", 鉴定人: "鉴", 专家辅助人: "专", 翻译人员: "译", 行政机关负责人: "负责人", 调解员: "调", 听证主持人: "主",
  主持人: "主", 委员: "委", 列席人员: "列", 汇报人: "汇", 记录人: "记", 执行法官: "执", 申请执行人: "申", 被执行人: "被执",
  接访法官: "接", 来访人: "访",
};
export const ROLES = Object.keys(SHORT);

const TRIAL = ["审判长", "原告代理人", "被告代理人", "证人", "书记员"];
const MEETING = ["主持人", "汇报人", "委员", "委员", "记录人"];
const SEATS = {
  庭前会议: ["审判长", "原告代理人", "被告代理人", "书记员"],
  证据交换: ["审判长", "原告代理人", "被告代理人", "书记员"],
  询问: ["审判员", "原告", "被告", "书记员"],
  调解: ["调解员", "原告", "被告", "书记员"],
  听证: ["听证主持人", "申请人", "被申请人", "书记员"],
  执行: ["执行法官", "申请执行人", "被执行人", "书记员"],
  接访: ["接访法官", "来访人", "书记员"],
  合议: ["审判长", "审判员", "人民陪审员", "书记员"],
  专业法官会议: MEETING,
  审委会: MEETING,
  宣判: ["审判长", "原告", "被告", "书记员"],
};

const TRIAL_STAGES = [
  "庭前准备", "宣布开庭", "法庭调查", "举证质证", "法庭辩论", "最后陈述", "恢复法庭调查", "恢复法庭辩论", "调解", "休庭", "宣判", "闭庭与核对",
];
const MEETING_STAGES = ["汇报", "提问", "发表意见", "表决", "决定"];
const STAGES = {
  合议: MEETING_STAGES,
  专业法官会议: MEETING_STAGES,
  审委会: MEETING_STAGES,
  调解: ["告知权利", "陈述", "争议焦点", "调解方案", "达成协议", "核对"],
  询问: ["告知权利", "陈述", "提问", "核对"],
  接访: ["陈述", "提问", "核对"],
  宣判: ["宣布开庭", "宣读判决", "告知上诉权", "闭庭与核对"],
};

export const stagesOf = (kind) => STAGES[kind] ?? TRIAL_STAGES;

// Deliberations are a trial-work secret by default (court.md J10).
export const secrecyOf = (kind) => (["合议", "专业法官会议", "审委会"].includes(kind) ? "审判工作秘密" : "公开");

// The usual seats of this kind, one microphone after the other as far as there are any.
export function seatsOf(kind, channels) {
  return (SEATS[kind] ?? TRIAL).map((role, index) => ({
    id: `s${index + 1}`,
    role,
    short: SHORT[role],
    person: "",
    channels: index < channels ? [index] : [],
  }));
}

// A seat id that no seat has yet.
export function freeId(seats) {
  let number = seats.length + 1;
  while (seats.some((seat) => seat.id === `s${number}`)) number += 1;
  return `s${number}`;
}
