"""What goes wrong with accounts, links and keys. None says whether an account exists."""

from __future__ import annotations

from casefile.errors.base import BadRequest, NotFound, TingjiError


class NotSignedIn(TingjiError):
    """No valid session, link or key came with the request."""

    code = "not_signed_in"
    zh = "尚未登录，或登录已过期。请重新登录。"
    en = "You are not signed in, or your session is over. Sign in again."


class NoRight(TingjiError):
    """Signed in, but not for this."""

    code = "no_right"
    zh = "您没有这项权限。如有需要，请联系书记员或技术人员。"
    en = "You have no right to do this. Ask the clerk or the technician if you need it."


class WrongPassword(TingjiError):
    """Name and password do not belong together; which of them is wrong is not said."""

    code = "wrong_password"
    zh = "姓名或密码不正确，或账号已停用。请检查后重试；忘记密码请联系技术人员。"
    en = "Name and password do not match, or the account is disabled. Check both; if the password is lost, ask the technician."


class TooManyTries(TingjiError):
    """Signing in is blocked for a while."""

    code = "too_many_tries"
    zh = "错误次数过多，请在 {seconds} 秒后再试。忘记密码请联系技术人员。"
    en = "Too many wrong tries. Try again in {seconds} seconds; if the password is lost, ask the technician."


class TicketGone(TingjiError):
    """A one-time link or code that was used, withdrawn or has expired."""

    code = "ticket_gone"
    zh = "此链接或代码已使用、已撤销或已过期。请向书记员或技术人员索取新的。"
    en = (
        "This link or code was used, withdrawn or has expired. Ask the clerk or the technician for a new one."
    )


class TooManyNotes(TingjiError):
    """More private notes on one hearing than one person can mean."""

    code = "too_many_notes"
    zh = "这次庭审的笔记已达 {most} 条，请先删除一些。"
    en = "There are {most} notes on this hearing already. Delete some first."


class UnfitPassword(BadRequest):
    """The password is too easy to guess."""

    zh = "密码至少 10 个字符，不得与姓名相同，也不得只由少数几个字符重复而成。请换一个。"
    en = "A password has at least 10 characters, is not the name, and does not repeat a few characters. Choose another."


class UnfitName(BadRequest):
    """The name of an account or a recorder."""

    zh = "名称应为 1 到 40 个可见字符，且不能用“本机”或“tingji”。请重新填写。"
    en = "A name has 1 to 40 visible characters and is not one that the program itself uses. Write another."


class NameTaken(TingjiError):
    """There is an account of this name."""

    code = "name_taken"
    zh = "已有同名账号。请换一个名称，例如加上部门。"
    en = "There is an account of this name. Choose another, for example with the department."


class NoSuchAccount(NotFound):
    """The account is not there."""

    zh = "找不到这个账号。请刷新页面。"
    en = "There is no such account. Load the page again."


class NoSuchLink(NotFound):
    """The link is not there."""

    zh = "找不到这个链接。请刷新页面。"
    en = "There is no such link. Load the page again."


class NoSuchRecorder(NotFound):
    """No recorder of this name is enrolled."""

    zh = "没有登记过这个名称的录音机。请刷新页面。"
    en = "No recorder of this name is enrolled. Load the page again."


class LastTechnician(TingjiError):
    """Nobody could manage accounts any more."""

    code = "last_technician"
    zh = "这是最后一个技术人员账号，不能停用或去掉该角色。请先设置另一个技术人员。"
    en = "This is the last technician: it cannot be disabled or lose the role. Make another technician first."


class AdministratorThere(TingjiError):
    """The first link is only for a machine that has no administrator."""

    code = "administrator_there"
    zh = "已有技术人员账号，不再发放首次链接。忘记密码请在服务器上运行：tingji accounts reset 姓名"
    en = "There is a technician already, so there is no first link. If the password is lost, run on the server: tingji accounts reset NAME"


class NoAdministrator(TingjiError):
    """Beyond this machine only with accounts."""

    code = "no_administrator"
    zh = "还没有管理账号，只能在本机使用。请先在本机启动庭记，用首次链接建立账号，再对外开放。"
    en = "There is no administrator yet, so only this machine may connect. Start Tingji here and make the account by the first link."


class NoLinksHere(TingjiError):
    """A meeting behind closed doors, or a hearing that is not public for the gallery."""

    code = "no_links_here"
    zh = "此次庭审不公开，不能发放这种链接。"
    en = "This hearing is not public: no such link can be made."


class BadCertificate(TingjiError):
    """The certificate or its key cannot be used."""

    code = "bad_certificate"
    zh = "证书文件 {file} 无法使用（{why}）。请检查 certificate 与 private_key 是否为配对的 PEM 文件，或运行 tingji tls make。"
    en = "The certificate {file} cannot be used ({why}). certificate and private_key must be PEM files that belong together; or run tingji tls make."


class ServerAway(TingjiError):
    """No answer."""

    code = "server_away"
    zh = "无法连接服务器。请检查 --server 地址和网线；使用自建证书时，请加 --authority authority.pem。"
    en = "The server does not answer. Check --server and the cable; with a certificate of your own add --authority authority.pem."


class PlainServer(TingjiError):
    """A server elsewhere was given without TLS: key and sound would be open to the network."""

    code = "plain_server"
    zh = "连接其他机器必须加密：请使用 https:// 地址，并用 tingji recorder enrol 登记本机。"
    en = "Another machine is reached by TLS only: give an https:// address, and enrol this one by tingji recorder enrol."


class LastPerson(TingjiError):
    """Nobody could open the hearing any more."""

    code = "last_person"
    zh = "这是最后一位负责此次庭审的人员，不能移除。请先加入另一人。"
    en = "This is the last person on the hearing and cannot be removed. Add another first."
