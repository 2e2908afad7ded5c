// Papers of the case on their way to the server: one after the other, each with how far it is and what came of it.
// A paper's name stays on this page: it may name a person, so it is neither sent nor stored.
import { OURS, UNREACHABLE, UNREADABLE, paperUrl } from "./api.js";

const MEDIA = {
  pdf: "application/pdf",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  txt: "text/plain",
};
export const ACCEPTED = Object.keys(MEDIA).map((ending) => `.${ending}`).join(",");

export class Papers {
  constructor(changed) {
    Object.assign(this, { changed, list: [], waiting: Promise.resolve() });
  }

  take(id, files) {
    const papers = [...files].map((file) => ({ name: file.name, file, share: 0, read: null, error: null }));
    this.list = [...this.list, ...papers];
    for (const paper of papers) this.waiting = this.waiting.then(() => this.send(id, paper));
    this.changed();
    return this.waiting;
  }

  async send(id, paper) {
    try {
      paper.read = await upload(paperUrl(id), paper.file, (share) => this.tell(paper, share));
    } catch (error) {
      paper.error = error;
    }
    paper.file = null;
    this.changed();
  }

  tell(paper, share) {
    paper.share = share;
    this.changed();
  }

  forget(paper) {
    this.list = this.list.filter((one) => one !== paper);
    this.changed();
  }
}

const mediaOf = (name) => MEDIA[name.split(".").pop().toLowerCase()] ?? "application/octet-stream";

// fetch does not tell how far an upload is.
function upload(url, file, progress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.responseType = "json";
    for (const [name, value] of Object.entries({ ...OURS, "Content-Type": mediaOf(file.name) })) request.setRequestHeader(name, value);
    request.upload.addEventListener("progress", ({ loaded, total }) => progress(total ? loaded / total : 0));
    request.addEventListener("error", () => reject(UNREACHABLE));
    request.addEventListener("load", () => {
      if (request.status < 400 && request.response) resolve(request.response);
      else reject(request.response?.zh ? request.response : UNREADABLE);
    });
    request.send(file);
  });
}
