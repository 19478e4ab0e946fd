//! Failures in words, and the use cases' errors as failures.

use crate::exit::{Exit, Failure};
use anji_app::{AppError, ContentError, StoreError};
use anji_model::{Lang, Text};
use std::error::Error;
use std::fmt::Write as _;

/// The failure as the user reads it on standard error.
pub(crate) fn render(failure: &Failure, lang: Lang) -> String {
    let mut text = match lang {
        Lang::Zh => format!("错误：{}\n", failure.message.zh),
        Lang::En => format!("error: {}\n", failure.message.en),
    };
    if let Some(help) = &failure.help {
        let line = match lang {
            Lang::Zh => format!("  办法：{}\n", help.zh),
            Lang::En => format!("  help: {}\n", help.en),
        };
        text.push_str(&line);
    }
    text
}

/// The error with everything that caused it, on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, ": {cause}").expect("writing to a string cannot fail");
        source = cause.source();
    }
    text
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        let en = chain(&error);
        match error {
            AppError::Content(error) => error.into(),
            AppError::Store(error) => error.into(),
            AppError::NoSuchBaseline { name, known } => {
                Self::new(format!("没有名为“{name}”的基线；已有：{known}"), en).with_exit(Exit::Config)
            }
            AppError::NoSuchCheck { name, near } => {
                let failure = Self::new(format!("没有检查项“{name}”"), en).with_exit(Exit::Usage);
                match near {
                    Some(near) => failure
                        .with_help(format!("是不是 {near}？"), format!("did you mean {near}?")),
                    None => failure
                        .with_help("anji plan 列出全部检查项", "`anji plan` lists all checks"),
                }
            }
            AppError::NoSuchRun(run) => Self::new(format!("没有运行 {run}"), en)
                .with_help("anji runs 列出已有的运行", "list the runs there are with `anji runs`"),
            AppError::NoRunYet(subject) => Self::new(format!("还没有关于 {subject} 的运行"), en)
                .with_help("先运行 anji check", "run `anji check` first"),
            AppError::NoSuchEvidence { run, key, known } => {
                Self::new(format!("运行 {run} 中没有证据 {key}"), format!("run `{run}` holds no evidence `{key}`"))
                    .with_help(format!("已有：{known}"), format!("there are {known}"))
            }
            AppError::NoSuchRegister { name, known } => {
                Self::new(format!("没有检查项使用登记表“{name}”"), format!("no check uses a register `{name}`"))
                    .with_help(format!("已有：{known}"), format!("there are {known}"))
                    .with_exit(Exit::Usage)
            }
            AppError::CannotAdopt { register, detail } => Self::new(
                format!("不能采用 {register}：{detail}"),
                format!("`{register}` cannot be adopted: {detail}"),
            )
            .with_help(
                "不完整的观察会把漏看的东西当作不存在；请以 root（或 anji doctor --sudoers 的 sudo 规则）重新检查",
                "an incomplete look would count what it missed as not there; check again as root, or with the sudo rule of `anji doctor --sudoers`",
            ),
            AppError::NothingToAdopt { register, version } => {
                Self::new(format!("{register} 第 {version} 版已与观察到的完全一致"), en)
            }
            AppError::NotComparable { before, after } => {
                Self::new(format!("运行 {before} 与 {after} 没有共同的对象"), en)
            }
            AppError::NothingCollected { detail } => {
                Self::new(format!("什么都没有采集到：{detail}"), en)
            }
            AppError::Interrupted => Self::new("已中断；本次运行没有存储任何内容", en),
            other => of_subjects(other, en),
        }
    }
}

fn of_subjects(error: AppError, en: String) -> Failure {
    match error {
        AppError::NoSuchSubject { name, known } => no_such_subject(&name, &known, en),
        AppError::NeitherEvidenceNorSubject { name, known, near } => {
            let failure = no_such_subject(&name, &known, en);
            let zh = format!("“{name}”既不是证据类型，也不是有运行记录的对象");
            let failure = Failure { message: Text { zh, ..failure.message }, ..failure };
            match near {
                Some(near) => Failure { help: Some(near), ..failure },
                None => failure,
            }
        }
        AppError::RunNotAbout { run, subject } => {
            Failure::new(format!("运行 {run} 的对象不是 {subject}"), en)
        }
        AppError::ManySubjects { name, known } => Failure::new(format!("有多个对象叫“{name}”"), en)
            .with_help(format!("请写明是哪一个：{known}"), format!("say which one: {known}"))
            .with_exit(Exit::Usage),
        other => of_queries(other, en),
    }
}

fn of_queries(error: AppError, en: String) -> Failure {
    match error {
        AppError::NoSuchName { name, near } => {
            let failure =
                Failure::new(format!("没有名为“{name}”的证据"), en).with_exit(Exit::Usage);
            match near {
                Some(near) => Failure { help: Some(near), ..failure },
                None => failure.with_help("types 列出全部名称", "`types` lists all names"),
            }
        }
        AppError::Personal(fields) => {
            Failure::new(format!("表达式用到个人信息：{}", fields.join("、")), en)
                .with_help(
                    "加 --personal 则允许，并留下审计记录",
                    "--personal allows it, and leaves an audit entry",
                )
                .with_exit(Exit::Usage)
        }
        AppError::Recording { path, detail } => {
            Failure::new(format!("无法读取录制 {}：{}", path.display(), detail.zh), en)
        }
        AppError::NamedTwice(name) => Failure::new(format!("名称“{name}”写了两次"), en)
            .with_help("每个名称只能写一次", "give every name once")
            .with_exit(Exit::Usage),
        AppError::BadBinding(text) => Failure::new(format!("“{text}”没有把证据绑定到名称"), en)
            .with_help(
                "写作 名称=证据键，例如 shadow=file.stat[/etc/shadow]",
                "write NAME=KEY, for instance shadow=file.stat[/etc/shadow]",
            )
            .with_exit(Exit::Usage),
        AppError::BadParam(text) => Failure::new(format!("“{text}”不是参数"), en)
            .with_help(
                "写作 名称=值，例如 max=4、names=[\"a\",\"b\"]",
                "write NAME=VALUE, for instance max=4 or names=[\"a\",\"b\"]",
            )
            .with_exit(Exit::Usage),
        other => of_vulnerability_data(&other, en),
    }
}

fn no_such_subject(name: &str, known: &str, en: String) -> Failure {
    let failure = Failure::new(format!("没有关于“{name}”的运行"), en).with_exit(Exit::Usage);
    match known {
        "" => failure.with_help(
            "还没有存储任何运行；先运行 anji check",
            "no run is stored yet; run `anji check` first",
        ),
        known => failure.with_help(format!("已有：{known}"), format!("there are {known}")),
    }
}

fn of_vulnerability_data(error: &AppError, en: String) -> Failure {
    match error {
        AppError::VulnFile { path, .. } => {
            Failure::new(format!("无法读取 {}：{en}", path.display()), en)
        }
        AppError::VulnData(error) => Failure::new(
            format!("漏洞数据无法导入，没有导入任何内容。{}：{}", error.place, error.what),
            format!("nothing was imported: {en}"),
        )
        .with_help(
            "可读 OVAL（XML）、OSV、CSAF 2.0、CISA 目录（JSON）或 OSV 的 zip 档案",
            "OVAL (XML), OSV, CSAF 2.0 and CISA's list (JSON) can be read, and zip archives of OSV",
        ),
        _ => Failure::new(format!("程序内部问题：{en}"), en),
    }
}

impl From<ContentError> for Failure {
    fn from(error: ContentError) -> Self {
        let en = chain(&error);
        let zh = match &error {
            ContentError::Invalid(problems) => format!("内容有 {} 处问题", problems.len()),
            ContentError::Nothing(place) => format!("{} 里没有 .yaml 文件", place.display()),
            _ => format!("无法读取内容：{en}"),
        };
        let failure = Self::new(zh, en).with_exit(Exit::Config);
        match error {
            ContentError::Invalid(_) => failure.with_help(
                "anji lint 逐条标出问题",
                "`anji lint` (with the same --content) marks every one of them",
            ),
            _ => failure,
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let en = chain(&error);
        let at = |path: &std::path::Path| path.display().to_string();
        let zh = match &error {
            StoreError::Missing { path } => {
                format!("{} 还没有存储", at(path))
            }
            StoreError::Corrupt { path, what, .. } => {
                format!("存储 {} 已损坏（{what}）；请保留目录副本，再恢复最近的备份", at(path))
            }
            StoreError::ReadOnly { path, .. } => {
                format!("存储 {} 只能读；请授予写权限，或用 --state 换一个目录", at(path))
            }
            StoreError::NotWritable { dir, .. } => {
                format!("目录 {} 不可写；请授予写权限，或用 --state 换一个目录", at(dir))
            }
            StoreError::UnfinishedLog { path } => {
                format!("存储 {} 有未完成的日志而目录只读；请先以可写方式打开一次", at(path))
            }
            StoreError::DiskFull { path, .. } => {
                format!("存储 {} 所在磁盘已满；请腾出空间后重试", at(path))
            }
            StoreError::Busy { path, seconds } => {
                format!("另一个进程占用存储 {} 已 {seconds} 秒；请等它结束后重试", at(path))
            }
            StoreError::NewerSchema { found, known } => {
                format!("存储的结构版本是 {found}，本程序只认识到 {known}；请用写入它的较新程序")
            }
            StoreError::OlderSchema { found, known } => {
                format!("存储的结构版本是 {found}，本程序读 {known}；请以可写方式打开一次完成升级")
            }
            StoreError::ForeignFile { path } => {
                format!("{} 不是 Anji 的存储，或开头已损坏；请移走它，或换一个目录", at(path))
            }
            StoreError::BadPermissions { path, problem } => {
                format!("{} 的权限或属主不对：{problem}", at(path))
            }
            StoreError::BadKey { path, problem, .. } => {
                format!("签名密钥 {} 不能用：{problem}", at(path))
            }
            _ => format!("存储出错：{en}"),
        };
        let failure = Self::new(zh, en);
        match error {
            StoreError::Missing { .. } => {
                failure.with_help("先运行 anji check", "run `anji check` first")
            }
            _ => failure,
        }
    }
}
