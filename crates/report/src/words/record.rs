//! The words of `anji record`.

use super::{Counted, Phrase, phrase};
use anji_model::Personal;

phrases! {
    WRITTEN = "已录制到 {place}", "Recorded to {place}";
    PRINTED = "已录制到标准输出", "Recorded to standard output";
    DAMAGED = "未录到 {id}：{why}", "not recorded {id}: {why}";
    BROKE_OFF = "采集脚本没有运行到底：录制不完整", "The script did not run to its end: the recording lacks a part.";
    REPLACED = "已替换：", "Replaced:";
    REPLACED_NOTHING = "没有找到需要替换的内容", "Nothing was found to replace.";
    ACCOUNT = "人员账户名", "names of people's accounts";
    FULL_NAME = "姓名等账户说明", "full names and what stands with them";
    HOST = "主机名", "host names";
    DOMAIN = "域名", "domains";
    ADDRESS = "IP 地址与网段", "IP addresses and networks";
    HARDWARE = "网卡地址", "hardware addresses";
    MAIL = "邮件地址", "e-mail addresses";
    IDENTIFIER = "机器、磁盘等的标识和摘要", "identifiers and digests";
    SECRET = "口令、密钥、令牌", "passwords, keys, tokens";
    ORGANISATION = "医院名称", "names of hospitals";
    PHONE = "电话号码", "telephone numbers";
    PROCESS = "进程号", "process ids";
    READ_IT = "给别人之前请通读一遍：没有程序能认出所有暴露身份的内容。", "Read it through before you share it: no program knows everything that identifies you.";
    KEEP_IT = "录制是原样的，含有人名、主机名、地址和标识：只能自己用，不要给别人。", "The recording is as it came, with names, addresses and identifiers: keep it to yourself.";
}

counted! {
    CAPTURES = "{n} 个采集项", "{n} capture", "{n} captures";
    BYTES = "{n} 字节", "{n} byte", "{n} bytes";
    THINGS = "{n} 个", "{n} thing", "{n} things";
    TIMES = "共 {n} 处", "in {n} place", "in {n} places";
}

/// What a kind is called.
pub(crate) fn kind(kind: Personal) -> Phrase {
    match kind {
        Personal::Account => ACCOUNT,
        Personal::FullName => FULL_NAME,
        Personal::Host => HOST,
        Personal::Domain => DOMAIN,
        Personal::Address => ADDRESS,
        Personal::Hardware => HARDWARE,
        Personal::Mail => MAIL,
        Personal::Identifier => IDENTIFIER,
        Personal::Secret => SECRET,
        Personal::Organisation => ORGANISATION,
        Personal::Phone => PHONE,
        Personal::Process => PROCESS,
    }
}
