//! The help in Chinese. English stands beside the definitions in `cli` and
//! `command`; a test demands a line here for each of them.

use clap::builder::StyledStr;
use clap::{Arg, ArgAction, Command};

/// Place (the words of the command, then `about` or the argument) and text.
/// `long` is the second paragraph of a command's own help.
const TEXTS: &[(&str, &str)] = &[
    ("anji about", "按安全基线检查一台机器，并指出有什么变化"),
    (
        "anji state",
        "存放运行记录、登记表和签名密钥的目录［默认：root 为 /var/lib/anji，其他用户为 ~/.local/state/anji］",
    ),
    ("anji content", "叠加在内置内容之上的目录（packs、mappings、baselines）"),
    ("anji lang", "输出语言［默认：取自区域设置］"),
    ("anji color", "何时使用颜色"),
    ("* format", "输出形式：table 给人看，json 给程序用"),
    ("anji help", "显示帮助（-h 为摘要，--help 为全文）"),
    ("anji version", "显示版本"),
    ("anji check about", "按基线检查本机，并指出有什么变化"),
    (
        "anji check long",
        "没有任何配置时使用内置的起步基线。不在机器上安装或改动任何东西；证据、结论和签名清单保存在状态目录里，下次检查就能说出哪里不同。",
    ),
    ("anji check only", "只查这一项（编号或别名），可重复"),
    ("anji check root", "检查此目录中的根文件系统，而不是正在运行的机器"),
    ("anji check skip_walk", "不遍历文件系统"),
    ("anji check baseline", "基线名称"),
    (
        "anji check fail_on",
        "何时以退出码 2 结束：never 从不；regression 有曾经通过而现在不符合的；low、medium、high、critical 有该级或更高级别的不符合",
    ),
    ("anji check allow_unknown", "达到门槛的未知结果不算突破"),
    ("anji check no_store", "只显示结论：不存储，不比较"),
    ("anji check timings", "在报告之后列出脚本每条命令的开销"),
    ("anji check quiet", "不显示进度和即时结论，只输出报告"),
    ("anji plan about", "列出将采集哪些证据，每一份服务于哪些检查和条款"),
    (
        "anji plan long",
        "加 --script 则打印检查时实际运行的 shell 脚本：可以审阅、会签，或在任何网络都到不了的机器上手工运行。",
    ),
    ("anji plan only", "只查这一项（编号或别名），可重复"),
    ("anji plan root", "检查此目录中的根文件系统，而不是正在运行的机器"),
    ("anji plan skip_walk", "不遍历文件系统"),
    ("anji plan baseline", "基线名称"),
    ("anji plan script", "改为打印 shell 脚本"),
    ("anji record about", "把检查所采集的内容录制下来，去掉能认出是谁的信息"),
    (
        "anji record long",
        "录制含有采集计划中每条命令的输出，格式就是检查项用例所读的格式。加 --scrub 则替换人名、主机名、网络、地址、标识和秘密，同一样东西总是换成同一个，因此各检查项的结论不变。给别人之前请通读一遍：没有程序能认出所有暴露医院身份的内容。",
    ),
    ("anji record only", "只录这一项所需的证据（编号或别名），可重复"),
    ("anji record root", "录制此目录中的根文件系统，而不是正在运行的机器"),
    ("anji record skip_walk", "不遍历文件系统"),
    ("anji record baseline", "基线名称"),
    ("anji record scrub", "替换能认出人、主机和网络的内容"),
    ("anji record raw", "原样保留：只给自己用，不可给别人"),
    ("anji record all_types", "录制全部证据类型，而不只是基线所需的"),
    ("anji record output", "写入这个新文件，而不是标准输出"),
    ("anji report about", "把一次保存的运行做成文档：给人看、给程序读、供归档"),
    (
        "anji report long",
        "不指明运行则取最近一次。格式取自输出文件的扩展名（如 .html）或 --format。已有的文件在新文件写完整之后才被替换。",
    ),
    ("anji report run", "哪一次运行（见 anji runs）［默认：最近一次］"),
    ("anji report format", "文档格式［默认：取自输出文件的扩展名，否则为 table］"),
    ("anji report output", "写入这个文件，而不是标准输出"),
    ("anji diff output", "写入这个文件，而不是标准输出"),
    ("anji diff format", "输出形式：table 给人看，html 是一个网页文件，json 给程序用"),
    ("anji explain about", "说明一个检查项：查什么、为什么、怎样判定、看到了什么、怎样整改"),
    ("anji explain long", "加 --format markdown 则改为打印该检查项的文档页，其中不涉及这台机器。"),
    ("anji explain check", "检查项的编号或别名，例如 LNX-001"),
    ("anji explain subject", "哪个对象：local、root:/路径，或主机名［默认：本机］"),
    ("anji explain format", "输出形式：table 给人看，json 给程序用，markdown 是该检查项的文档页"),
    ("anji explain root", "所查的根文件系统目录，而不是本机"),
    ("anji fix about", "打印整改某项发现的命令，以及撤销它们的命令"),
    (
        "anji fix long",
        "不会执行任何命令。输出是一份 shell 脚本：先通读，在一台主机上试过，再以 root 执行；每条命令都以注释给出撤销办法。名称无法准确写进命令的，留给人工处理。",
    ),
    ("anji fix check", "检查项的编号或别名，例如 LNX-019"),
    ("anji fix print", "打印命令；只有这一种方式，从不执行"),
    ("anji fix root", "所查的根文件系统目录，而不是本机"),
    ("anji evidence about", "查看一次运行的证据"),
    (
        "anji evidence long",
        "不指明类型则列出全部记录；指明则显示其内容，不知道的部分在原处注明。只写一个词时，有同名的证据类型就是类型，否则是主机。个人信息（如账户的姓名）默认隐藏，要求显示会留下审计记录。",
    ),
    ("anji evidence host", "哪个对象的证据：local、root:/路径或主机名；或证据类型"),
    ("anji evidence key", "证据类型或键，例如 accounts 或 file.stat[/etc/shadow]"),
    ("anji evidence filter", "列表中只显示含有此文字的项，不分大小写"),
    ("anji evidence all", "长列表全部显示"),
    ("anji evidence run", "哪一次运行［默认：该对象最近一次］"),
    ("anji evidence root", "所查的根文件系统目录，而不是本机"),
    ("anji evidence personal", "同时显示个人信息；会留下审计记录"),
    ("anji evidence query about", "用检查项的断言语言对一次运行的证据求值"),
    (
        "anji evidence query long",
        "证据类型直接用其名称，如 accounts.users.filter(u, u.uid == 0)；核准清单写作 registers.名称，连字符写成下划线。不给表达式则把输入的每一行当作一个表达式；help、types、type 名称 说明能问什么。未知、不存在和不完整的都会说明，绝不略去。",
    ),
    ("anji evidence query expression", "表达式；不写或写 - 则逐行读取输入"),
    ("anji evidence query host", "哪个对象的证据：local、root:/路径或主机名［默认：本机］"),
    ("anji evidence query root", "所查的根文件系统目录，而不是本机"),
    ("anji evidence query run", "哪一次运行［默认：该对象最近一次］"),
    ("anji evidence query recording", "anji record 写出的录制，代替运行"),
    ("anji evidence query bindings", "自取名称的证据，例如 shadow=file.stat[/etc/shadow]；可重复"),
    ("anji evidence query params", "参数，例如 max=4；可重复"),
    ("anji evidence query personal", "允许用到个人信息；对运行会留下审计记录"),
    ("anji evidence query all", "长列表全部显示"),
    ("anji diff about", "显示两次运行之间的变化"),
    (
        "anji diff long",
        "不带参数时，用最近一次运行与之前最近的可比结果比较。无变化以 0 结束，有变化以 2 结束。",
    ),
    ("anji diff before", "较早的运行（见 anji runs）"),
    ("anji diff after", "较晚的运行［默认：最近一次］"),
    ("anji runs about", "列出已存储的运行，最近的在前"),
    ("anji runs limit", "最多列出多少条"),
    ("anji register about", "登记表：经核准可以存在的东西"),
    ("anji register list about", "列出检查项用到的登记表，以及是否已采用"),
    ("anji register list root", "所查的根文件系统目录，而不是本机"),
    ("anji register show about", "显示一份登记表的条目"),
    ("anji register show register", "登记表，例如 suid-files"),
    ("anji register show root", "所查的根文件系统目录，而不是本机"),
    ("anji register adopt about", "把最近一次运行观察到的内容采用为核准清单"),
    (
        "anji register adopt long",
        "清单立即存为新的一版；想先看一看，请加 --dry-run。没有另外指明批准人时，记为自行登记。",
    ),
    ("anji register adopt register", "登记表，例如 suid-files"),
    ("anji register adopt approved_by", "批准人（如果不是你本人）"),
    ("anji register adopt reason", "理由"),
    ("anji register adopt dry_run", "只显示将采用什么，不作改动"),
    ("anji register adopt root", "所查的根文件系统目录，而不是本机"),
    ("anji lint about", "检查内容文件，逐条标出问题"),
    (
        "anji lint long",
        "CONTENT 是叠加在内置内容之上的目录（含 packs/、mappings/、baselines/），或单个文件：packs/X/Y.yaml、mappings/Y.yaml、baselines/Y.yaml 取代同一路径的内置文件，其余算作单独的检查包。不指明则检查内置内容，或 --content 指明的内容。有问题以 78 结束。",
    ),
    ("anji lint place", "内容目录或单个内容文件"),
    ("anji content docs about", "为每个检查项写一页文档，并写目录"),
    (
        "anji content docs long",
        "文档写入 DIR/en 和 DIR/zh（没有则新建）：LNX-001.md 等，以及 index.md。已没有对应检查项的旧文档只列出，不删除。",
    ),
    ("anji content docs folder", "存放 en 和 zh 的目录"),
    ("anji verify about", "验证已存储的记录未被改动、删除、添加或调换"),
    ("anji verify long", "全部成立以 0 结束，否则以 2 结束。"),
    ("anji verify expect_head", "以前报告上打印的链头：可发现此后被截去的尾部"),
    ("anji verify expect_key", "应当由哪个公钥签名（用于没有密钥文件的存储）"),
    ("anji audit about", "显示审计日志，最近的在前"),
    ("anji audit limit", "最多列出多少条"),
    (
        "anji content about",
        "软件包的已知漏洞（检查需要而任何机器都说不出的数据），以及检查项的文档",
    ),
    ("anji content import-vulns about", "从文件离线导入漏洞数据"),
    (
        "anji content import-vulns long",
        "可读 Debian、红帽、SUSE 的 OVAL，OSV（单条、多行或某发行版的 zip 档案），CSAF 与 VEX，以及 CISA 已被利用漏洞目录。要么全部导入，要么一个也不导入。同名的新数据取代旧数据。",
    ),
    ("anji content import-vulns files", "文件"),
    ("anji content vulns about", "列出已导入的漏洞数据"),
    ("anji doctor about", "给本机体检：缺什么、有什么影响、用哪条命令补上"),
    (
        "anji doctor long",
        "检查权限、工具、状态目录、运行与存证、漏洞数据、核准清单、时钟、语言和内容，不作任何改动。普通账户会向 sudo 查询一次获准的命令，sudo 日志中因此会有一行记录。退出码：无缺失为 0，有缺失为 2。",
    ),
    ("anji doctor sudoers", "改为打印 sudoers 条目（存为 /etc/sudoers.d/anji，用 visudo -c 检查）"),
    ("anji doctor user", "规则给哪个账户［默认：你］"),
    ("anji completions about", "打印 shell 的补全脚本"),
    (
        "anji completions long",
        "例如：anji completions bash > /usr/share/bash-completion/completions/anji",
    ),
    ("anji completions shell", "哪种 shell"),
    ("anji man about", "打印手册页，或把全部手册页写入一个目录"),
    ("anji man folder", "存放 anji.1 及各命令手册页的目录；不指明则打印 anji.1"),
];

/// What follows the long help of `anji` itself.
const AFTER: &str = "\
退出码：
   0  已运行，门槛未突破
   1  无法运行
   2  突破了 --fail-on 的门槛；发现了变化或问题
  64  用法错误
  78  内容或配置有误

示例：
  anji check                           按起步基线检查本机
  anji check --only LNX-001            只查一项
  anji check --fail-on high            供脚本使用：有高危不符合时以 2 结束
  anji explain LNX-001                 一个检查项的含义，以及它看到了什么
  anji register adopt suid-files       把观察到的内容核准为首份清单
  anji diff                            最近两次运行之间的变化
  anji report -o today.html            最近一次运行的网页报告；也可以是 .docx .xlsx .csv 等
  anji doctor                          本机缺什么，怎样补上
  anji verify                          证明存储的记录没有被改动";

/// `command` with every text in Chinese.
pub(crate) fn translate(command: Command) -> Command {
    let command = command.after_long_help(AFTER).disable_version_flag(true).arg(own_flag(
        "version",
        'V',
        ArgAction::Version,
    ));
    translate_below(command, "anji")
}

fn text(place: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(known, _)| *known == place).map(|(_, text)| *text)
}

/// A flag that clap would bring along in English.
fn own_flag(name: &'static str, short: char, action: ArgAction) -> Arg {
    Arg::new(name).short(short).long(name).action(action).display_order(1000)
}

fn translate_below(mut command: Command, path: &str) -> Command {
    if let Some(about) = text(&format!("{path} about")) {
        let long = text(&format!("{path} long"));
        command = command
            .about(about)
            .long_about(long.map_or_else(|| about.to_owned(), |long| format!("{about}\n\n{long}")));
    }
    command = command.disable_help_flag(true).arg(own_flag("help", 'h', ArgAction::Help));
    let own = path.to_owned();
    command = command.mut_args(|arg| {
        let place = format!("{own} {}", arg.get_id());
        // Options of the whole program stand in every command's help, and some that
        // many commands have mean the same in all.
        let shared = ["anji", "*"].map(|owner| format!("{owner} {}", arg.get_id()));
        match text(&place).or_else(|| shared.iter().find_map(|place| text(place))) {
            Some(text) => translate_arg(arg, text),
            None => arg,
        }
    });
    let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        let below = format!("{path} {name}");
        command = command.mut_subcommand(name, |sub| translate_below(sub, &below));
    }
    let template = template(&command);
    command.help_template(template)
}

/// `arg` with its text, and with what clap would append in English.
fn translate_arg(arg: Arg, text: &str) -> Arg {
    let mut text = text.to_owned();
    let valued = arg.get_action().takes_values();
    if valued {
        let words = arg.get_possible_values();
        let words: Vec<_> = words.iter().map(|word| word.get_name()).collect();
        if !words.is_empty() {
            text.push_str(&format!("（可选：{}）", words.join("、")));
        }
        let defaults: Vec<_> =
            arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if !defaults.is_empty() {
            text.push_str(&format!("［默认：{}］", defaults.join("、")));
        }
        if let Some(name) = arg.get_env() {
            text.push_str(&format!("［环境变量：{}］", name.to_string_lossy()));
        }
    }
    let arg = arg.help(text.clone()).long_help(text);
    // Flags have no values, and clap insists on that.
    arg.hide_possible_values(valued).hide_default_value(valued).hide_env(valued)
}

/// How the help is laid out: clap's own layout with Chinese headings.
fn template(command: &Command) -> StyledStr {
    let styles = command.get_styles();
    let (usage, header) = (styles.get_usage(), styles.get_header());
    let mut text =
        format!("{{before-help}}{{about-with-newline}}\n{usage}用法：{usage:#}{{usage}}");
    let parts = [
        ("命令", "subcommands", command.get_subcommands().next().is_some()),
        ("参数", "positionals", command.get_positionals().next().is_some()),
        ("选项", "options", true),
    ];
    for (heading, tag, _) in parts.iter().filter(|(_, _, there)| *there) {
        text.push_str(&format!("\n\n{header}{heading}：{header:#}\n{{{tag}}}"));
    }
    text.push_str("{after-help}");
    StyledStr::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;
    use std::collections::BTreeSet;

    fn places(command: &Command, path: &str, into: &mut BTreeSet<String>) {
        into.insert(format!("{path} about"));
        if command.get_long_about().is_some() {
            into.insert(format!("{path} long"));
        }
        into.extend(command.get_arguments().map(|arg| {
            let own = format!("{path} {}", arg.get_id());
            let shared = format!("* {}", arg.get_id());
            if text(&own).is_none() && text(&shared).is_some() { shared } else { own }
        }));
        for sub in command.get_subcommands() {
            places(sub, &format!("{path} {}", sub.get_name()), into);
        }
    }

    #[test]
    fn every_command_and_argument_has_a_chinese_text_and_no_text_is_left_over() {
        let mut defined = BTreeSet::from(["anji help".to_owned(), "anji version".to_owned()]);
        places(&Cli::command(), "anji", &mut defined);
        let translated: BTreeSet<_> = TEXTS.iter().map(|(place, _)| (*place).to_owned()).collect();
        assert_eq!(translated.len(), TEXTS.len(), "a place stands twice");
        let missing: Vec<_> = defined.difference(&translated).collect();
        assert!(missing.is_empty(), "without a Chinese text: {missing:?}");
        let stale: Vec<_> = translated.difference(&defined).collect();
        assert!(stale.is_empty(), "of nothing: {stale:?}");
    }

    #[test]
    fn the_command_line_is_sound_in_both_languages() {
        Cli::command().debug_assert();
        translate(Cli::command()).debug_assert();
    }

    fn helps(command: &mut Command, path: &str, into: &mut Vec<(String, String)>) {
        into.push((path.to_owned(), command.render_long_help().to_string()));
        into.push((path.to_owned(), command.render_help().to_string()));
        for sub in command.get_subcommands_mut() {
            let below = format!("{path} {}", sub.get_name());
            helps(sub, &below, into);
        }
    }

    /// Words that are code wherever they stand in a help text.
    fn code(command: &Command, into: &mut BTreeSet<String>) {
        into.insert(command.get_name().to_owned());
        for arg in command.get_arguments() {
            into.extend(arg.get_possible_values().iter().map(|word| word.get_name().to_owned()));
        }
        command.get_subcommands().for_each(|sub| code(sub, into));
    }

    /// English: two words in a row that are no code.
    fn english(help: &str, code: &BTreeSet<String>) -> Option<String> {
        let is_word = |word: &str| {
            let word = word.trim_matches(|c: char| "[]().,:;'\"".contains(c));
            let tail = word.get(1..).unwrap_or_default();
            word.starts_with(|c: char| c.is_ascii_alphabetic())
                && tail.bytes().all(|b| b.is_ascii_lowercase())
                && !code.contains(word)
        };
        help.lines().find_map(|line| {
            let words: Vec<_> = line.split(' ').collect();
            let found = words.windows(2).find(|pair| pair.iter().all(|word| is_word(word)));
            found.map(|pair| pair.join(" "))
        })
    }

    #[test]
    fn the_chinese_help_holds_no_english() {
        let mut command = translate(Cli::command());
        command.build();
        let (mut all, mut known) = (Vec::new(), BTreeSet::new());
        helps(&mut command, "anji", &mut all);
        code(&command, &mut known);
        assert!(all.len() > 30, "only {} helps", all.len());
        for (path, help) in all {
            assert_eq!(english(&help, &known), None, "{path}:\n{help}");
            for part in ["Usage", "Options", "Arguments", "Commands", "Print", "default:", "env:"] {
                assert!(!help.contains(part), "`{part}` in {path}:\n{help}");
            }
            assert!(!help.contains("possible values"), "{path}:\n{help}");
            for part in
                ["用法：", "选项：", "显示帮助", "［环境变量：ANJI_STATE］", "（可选：zh、en）"]
            {
                assert!(help.contains(part), "no `{part}` in {path}:\n{help}");
            }
        }
    }

    #[test]
    fn the_search_for_english_finds_some_in_the_english_help() {
        let mut command = Cli::command();
        command.build();
        let (mut all, mut known) = (Vec::new(), BTreeSet::new());
        helps(&mut command, "anji", &mut all);
        code(&command, &mut known);
        for (path, help) in all {
            assert!(english(&help, &known).is_some(), "{path}:\n{help}");
        }
        assert_eq!(english("  -h, --help  Print help", &known).as_deref(), Some("Print help"));
    }
}
